import Foundation
import SecretModel

/// A call of the query protocol: a form-encoded body with `Action`, `Version` and the members, answered in XML. Only STS speaks it.
package struct QueryCall: Sendable {
    package let action: String
    private let parameters: [String: String]

    /// Far more than any operation has members.
    private static let limit = 1_000

    /// - Returns: `nil` if the body is not form-encoded UTF-8 text with an `Action`, or has too many members.
    package init?(_ body: [UInt8]) {
        guard let text = String(validating: body, as: UTF8.self) else { return nil }
        var parameters: [String: String] = [:]
        let pairs = text.split(separator: "&", maxSplits: Self.limit)
        guard pairs.count <= Self.limit else { return nil }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count == 2 ? parts[1] : "") else { return nil }
            parameters[name] = value
        }
        guard let action = parameters["Action"] else { return nil }
        self.action = action
        self.parameters = parameters
    }

    /// The name by which the router knows the operation.
    package var target: String { "sts.\(self.action)" }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    /// The members that the rules declare, as the JSON protocol would carry them: `Tags.member.1.Key=a` becomes a list of structures.
    func input(_ rules: [MemberRule]) -> APIInput { APIInput(self.structure(rules, under: "")) }

    private func structure(_ rules: [MemberRule], under prefix: String) -> JSONValue {
        .output(rules.map { ($0.name, self.value(of: $0.kind, at: prefix + $0.name)) })
    }

    private func value(of kind: MemberRule.Kind, at path: String) -> JSONValue? {
        switch kind {
        case .text, .oneOf, .secretName, .blob: return self.parameters[path].map { .string($0) }
        // A text that is no number stays a text, which the check of types refuses.
        case .number: return self.parameters[path].map { Int64($0).map { .integer($0) } ?? .string($0) }
        case .flag: return self.parameters[path].map { ["true": true, "false": false][$0] ?? .string($0) }
        case .structure(let rules): return self.hasMembers(under: path) ? self.structure(rules, under: "\(path).") : nil
        case .list(let element, let count):
            let paths = (1...(count.upperBound + 1)).map { "\(path).member.\($0)" }
            let elements = paths.prefix { self.parameters[$0] != nil || self.hasMembers(under: $0) }.compactMap {
                self.value(of: element, at: $0)
            }
            return elements.isEmpty ? nil : .array(elements)
        // The services of this protocol have none of these.
        case .textMap, .timestamp: return nil
        }
    }

    private func hasMembers(under path: String) -> Bool {
        self.parameters.keys.contains { $0.utf8.starts(with: "\(path).".utf8) }
    }
}

extension QueryCall: CustomStringConvertible, CustomReflectable {
    /// Calls may carry codes and policies (I8).
    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
