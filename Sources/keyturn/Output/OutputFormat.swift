import ArgumentParser
import SecretModel

/// `--output`: for people or for programs.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

extension JSONValue {
    /// Indented by two blanks, for people who read JSON.
    func indented(_ depth: Int = 0) -> String {
        let inner = String(repeating: "  ", count: depth + 1)
        let outer = String(repeating: "  ", count: depth)
        switch self {
        case .array(let elements) where !elements.isEmpty:
            return "[\n" + elements.map { inner + $0.indented(depth + 1) }.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members) where !members.isEmpty:
            return "{\n"
                + members.map { "\(inner)\(JSONValue.string($0.name).text): \($0.value.indented(depth + 1))" }.joined(separator: ",\n")
                + "\n\(outer)}"
        default: return self.text
        }
    }

    /// The text of a member for a table: `-` if absent.
    func cell(_ name: String) -> String {
        switch self[name] {
        case .string(let text)?: text
        case .number(let text)?: text
        case .bool(let flag)?: flag ? "yes" : "no"
        default: "-"
        }
    }

    /// A date member (seconds since the epoch, as AWS has it) as RFC 3339; `-` if absent.
    func date(_ name: String) -> String {
        guard case .number(let text)? = self[name], let seconds = Double(text) else { return "-" }
        return Timestamp(microseconds: Int64(seconds * 1_000_000)).rfc3339
    }
}
