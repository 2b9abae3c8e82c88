/// A secret's name: 1 to 512 of the ASCII letters, digits and `/_+=.@-!` (`aws-api.md` §3.1; `!` as in names of managed secrets).
package struct SecretName: Comparable, ValidatedText {
    package let description: String

    /// - Returns: `nil` if the text is not a valid name. Blanks are not trimmed.
    package init?(_ text: String) {
        guard (1...512).contains(text.utf8.count), text.utf8.allSatisfy(SecretName.isNameByte) else { return nil }
        self.description = text
    }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.description.utf8.lexicographicallyPrecedes(rhs.description.utf8)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "."), UInt8(ascii: "@"),
            UInt8(ascii: "-"), UInt8(ascii: "!"):
            true
        default: isASCIIAlphanumeric(byte)
        }
    }
}

func isASCIIAlphanumeric(_ byte: UInt8) -> Bool {
    (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
}
