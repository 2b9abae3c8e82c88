import Foundation
import SecretModel

/// One violation, in the front door's words.
package struct ConstraintViolation: Hashable, Sendable {
    package let text: String

    static func missing(_ name: String) -> ConstraintViolation { .missing(path: lowerCamel(name)) }

    static func missing(path: String) -> ConstraintViolation {
        ConstraintViolation(text: "Value null at '\(path)' failed to satisfy constraint: Member must not be null")
    }
}

extension APIError {
    package static func constraintViolation(_ violations: [ConstraintViolation]) -> APIError {
        let noun = violations.count == 1 ? "error" : "errors"
        let texts = violations.map(\.text).joined(separator: "; ")
        return APIError(.validation, "\(violations.count) validation \(noun) detected: \(texts)")
    }

    package static let invalidName = APIError(
        .validation,
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
    )
}

extension [MemberRule] {
    /// Types first (`SerializationException`), then all constraints together, then the characters of names.
    package func check(_ input: APIInput) throws(APIError) {
        for rule in self { try rule.kind.checkType(of: input[rule.name]) }
        let violations = self.violations(in: input, under: "")
        guard violations.isEmpty else { throw .constraintViolation(violations) }
        for rule in self {
            guard case .secretName = rule.kind, let text = input.string(rule.name) else { continue }
            guard SecretReference(text) != nil else { throw .invalidName }
        }
    }

    fileprivate func violations(in input: APIInput, under prefix: String) -> [ConstraintViolation] {
        self.flatMap { rule -> [ConstraintViolation] in
            let path = prefix + lowerCamel(rule.name)
            guard let value = input[rule.name] else { return rule.isRequired ? [.missing(path: path)] : [] }
            return rule.kind.violations(of: value, at: path, isSensitive: rule.isSensitive)
        }
    }
}

extension MemberRule.Kind {
    fileprivate func checkType(of value: JSONValue?) throws(APIError) {
        guard let value, value != .null else { return }
        switch (self, value) {
        case (.text, .string), (.oneOf, .string), (.secretName, .string), (.flag, .bool): return
        case (.timestamp, .number): return
        case (.number, .number): if value.integerValue != nil { return }
        case (.blob, .string(let text)): if Data(base64Encoded: text) != nil { return }
        case (.list(let element, _), .array(let values)):
            for value in values { try element.checkType(of: value) }
            return
        case (.structure(let rules), .object):
            let input = APIInput(value)
            for rule in rules { try rule.kind.checkType(of: input[rule.name]) }
            return
        case (.textMap, .object(let members)):
            // Whoever decides on a map and whoever uses it must see the same one.
            var names: Set<String> = []
            for member in members {
                guard member.value != .null else { throw APIError(.serialization, "null is no value of a map") }
                guard names.insert(member.name).inserted else { throw APIError(.serialization, "a name stands twice in a map") }
                try Self.text(length: 0...0, pattern: nil).checkType(of: member.value)
            }
            return
        default: break
        }
        throw APIError(.serialization, "\(value.tokenName) can not be converted to \(self.typeName)")
    }

    fileprivate func violations(of value: JSONValue, at path: String, isSensitive: Bool) -> [ConstraintViolation] {
        func violation(_ rule: String) -> ConstraintViolation {
            let shown = isSensitive ? "Value" : "Value '\(value.shownInErrors)'"
            return ConstraintViolation(text: "\(shown) at '\(path)' failed to satisfy constraint: Member must \(rule)")
        }
        func length(_ count: Int, _ range: ClosedRange<Int>) -> [ConstraintViolation] {
            if count < range.lowerBound { return [violation("have length greater than or equal to \(range.lowerBound)")] }
            if count > range.upperBound { return [violation("have length less than or equal to \(range.upperBound)")] }
            return []
        }
        switch self {
        case .text(let range, let pattern):
            let text = value.stringValue ?? ""
            var found = length(isSensitive ? text.utf8.count : text.unicodeScalars.count, range)
            // The store cannot keep the character NUL, except in a value, which is sealed.
            if !isSensitive, text.utf8.contains(0) {
                found.append(violation(#"satisfy regular expression pattern: [^\x00]*"#))
            }
            if let pattern, !pattern.matches(text) {
                found.append(violation("satisfy regular expression pattern: \(pattern.text)"))
            }
            return found
        case .secretName(let range): return length(value.stringValue?.unicodeScalars.count ?? 0, range)
        case .oneOf(let allowed):
            guard let text = value.stringValue, !allowed.contains(text) else { return [] }
            return [violation("satisfy enum value set: [\(allowed.joined(separator: ", "))]")]
        case .number(let range):
            let number = value.integerValue ?? 0
            if number < range.lowerBound { return [violation("have value greater than or equal to \(range.lowerBound)")] }
            if number > range.upperBound { return [violation("have value less than or equal to \(range.upperBound)")] }
            return []
        case .flag, .textMap, .timestamp: return []
        case .blob(let range): return length(value.stringValue.flatMap { Data(base64Encoded: $0) }?.count ?? 0, range)
        case .list(let element, let range):
            let values = value.arrayValue ?? []
            let elements = values.enumerated().flatMap { index, value in
                value == .null
                    ? [.missing(path: "\(path).\(index + 1).member")]
                    : element.violations(of: value, at: "\(path).\(index + 1).member", isSensitive: isSensitive)
            }
            return length(values.count, range) + elements
        case .structure(let rules): return rules.violations(in: APIInput(value), under: "\(path).")
        }
    }

    private var typeName: String {
        switch self {
        case .text, .oneOf, .secretName: "a String"
        case .number: "an Integer"
        case .flag: "a Boolean"
        case .timestamp: "a Timestamp"
        case .blob: "a Blob"
        case .list: "a List"
        case .structure: "a Structure"
        case .textMap: "a Map"
        }
    }
}

extension JSONValue {
    fileprivate var tokenName: String {
        switch self {
        case .null: "NULL_VALUE"
        case .bool(let value): value ? "TRUE_VALUE" : "FALSE_VALUE"
        case .number: "NUMBER_VALUE"
        case .string: "STRING_VALUE"
        case .array: "LIST_VALUE"
        case .object: "STRUCTURE_VALUE"
        }
    }

    /// As Java prints it: strings bare, lists in brackets.
    fileprivate var shownInErrors: String {
        switch self {
        case .string(let text): text
        case .array(let values): "[\(values.map(\.shownInErrors).joined(separator: ", "))]"
        default: self.text
        }
    }
}

/// `SecretId` → `secretId`.
func lowerCamel(_ name: String) -> String {
    name.prefix(1).lowercased() + name.dropFirst()
}
