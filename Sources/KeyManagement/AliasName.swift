import SecretModel

/// The name of an alias: `alias/` and letters, digits, `/`, `_` and `-`, 256 characters at most.
struct AliasName: ValidatedText {
    let description: String

    /// - Returns: `nil` for a text of another form.
    init?(_ text: String) {
        let rest = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard text.utf8.starts(with: Self.prefix.utf8), !rest.isEmpty, text.utf8.count <= 256, rest.allSatisfy(Self.isAllowed) else {
            return nil
        }
        self.description = text
    }

    static let prefix = "alias/"

    /// The alias of the key that secrets have if they name none.
    static let defaultOfSecrets = "alias/aws/secretsmanager"

    /// Whether the service keeps it for itself.
    var isReserved: Bool { self.description.utf8.starts(with: "alias/aws/".utf8) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
