/// The service model's constraints of one member (`aws-api.md` §1.5).
package struct MemberRule: Sendable {
    package indirect enum Kind: Sendable {
        case text(length: ClosedRange<Int>, pattern: TextPattern?)
        case oneOf([String])
        /// A SecretId or a Name: length first; its characters have a text and a turn of their own.
        case secretName(length: ClosedRange<Int>)
        case number(ClosedRange<Int64>)
        case flag
        /// Seconds since the epoch, a fraction allowed.
        case timestamp
        /// Base64 on the wire; the length is that of the bytes.
        case blob(length: ClosedRange<Int>)
        case list(of: Kind, count: ClosedRange<Int>)
        case structure([MemberRule])
        /// Texts by name.
        case textMap
    }

    /// As on the wire: `SecretId`.
    package let name: String
    package let kind: Kind
    package let isRequired: Bool
    /// No error shows its value.
    package let isSensitive: Bool

    package init(_ name: String, _ kind: Kind, isRequired: Bool = false, isSensitive: Bool = false) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.isSensitive = isSensitive
    }

    package static func text(
        _ name: String,
        _ length: ClosedRange<Int>,
        matching pattern: TextPattern? = nil,
        isRequired: Bool = false
    ) -> MemberRule {
        MemberRule(name, .text(length: length, pattern: pattern), isRequired: isRequired)
    }

    package static func number(_ name: String, _ range: ClosedRange<Int64>) -> MemberRule { MemberRule(name, .number(range)) }

    package static func flag(_ name: String) -> MemberRule { MemberRule(name, .flag) }

    package static func texts(_ name: String, _ count: ClosedRange<Int>, each length: ClosedRange<Int>, isRequired: Bool = false)
        -> MemberRule
    {
        MemberRule(name, .list(of: .text(length: length, pattern: nil), count: count), isRequired: isRequired)
    }

    package static func structures(
        _ name: String,
        _ count: ClosedRange<Int>,
        of members: [MemberRule],
        isRequired: Bool = false
    ) -> MemberRule {
        MemberRule(name, .list(of: .structure(members), count: count), isRequired: isRequired)
    }

    /// `SecretId`: a name, an ARN or a partial ARN.
    package static let secretID = MemberRule("SecretId", .secretName(length: 1...2_048), isRequired: true)
    package static let clientRequestToken = MemberRule.text("ClientRequestToken", 32...64)
    package static let nextToken = MemberRule.text("NextToken", 1...4_096)
}

/// A pattern of the service model: its text is for the error, the check is hand-written.
package struct TextPattern: Sendable {
    package let text: String
    package let matches: @Sendable (String) -> Bool

    package init(_ text: String, matches: @escaping @Sendable (String) -> Bool) {
        self.text = text
        self.matches = matches
    }

    /// One or more of the ASCII letters, digits and the given characters.
    package static func alphanumerics(and others: String, text: String) -> TextPattern {
        let allowed = Set(others.utf8)
        return TextPattern(text) { value in
            value.utf8.allSatisfy { byte in
                (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || allowed.contains(byte)
            }
        }
    }
}
