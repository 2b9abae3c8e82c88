import Foundation
package import SecretModel

/// The members of a call's body, or of a structure in it. Unknown members are there and disturb nobody; `null` is the same as absent.
///
/// The router has checked types and constraints of the declared members, so a reader answers `nil` for absent only.
package struct APIInput: Sendable {
    private let members: JSONValue

    package init(_ object: JSONValue) {
        self.members = object
    }

    /// The member's JSON; `nil` if absent.
    package subscript(name: String) -> JSONValue? {
        let value = self.members[name]
        return value == .null ? nil : value
    }

    package func has(_ name: String) -> Bool { self[name] != nil }

    package func string(_ name: String) -> String? { self[name]?.stringValue }

    /// For members in which an empty text means that nothing is named.
    func nonEmptyString(_ name: String) -> String? { self.string(name).flatMap { $0.isEmpty ? nil : $0 } }

    package func bool(_ name: String) -> Bool? { self[name]?.boolValue }

    package func integer(_ name: String) -> Int? { self[name]?.integerValue.flatMap(Int.init(exactly:)) }

    package func timestamp(_ name: String) -> Timestamp? {
        guard case .number(let text)? = self[name], let seconds = Double(text), abs(seconds) < 1e11 else { return nil }
        return Timestamp(microseconds: Int64(seconds * 1_000_000))
    }

    package func strings(_ name: String) -> [String]? { self[name]?.arrayValue?.compactMap(\.stringValue) }

    package func objects(_ name: String) -> [APIInput]? { self[name]?.arrayValue?.map(APIInput.init) }

    package func object(_ name: String) -> APIInput? { self[name].map(APIInput.init) }

    /// The bytes of a blob: base64 on the wire.
    package func bytes(_ name: String) -> [UInt8]? {
        self.string(name).flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    }

    /// A member that is declared required.
    package func required(_ name: String) throws(APIError) -> String {
        guard let text = self.string(name) else { throw .constraintViolation([.missing(name)]) }
        return text
    }

    /// A member that names a secret; declared with `MemberRule.secretID`.
    package func secret(_ name: String = "SecretId") throws(APIError) -> SecretReference {
        guard let reference = SecretReference(try self.required(name)) else { throw .invalidName }
        return reference
    }
}

extension APIInput: CustomStringConvertible, CustomReflectable {
    /// Bodies carry secret values (I8).
    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
