/// The id of a version: the ClientRequestToken that made it, verbatim (32 to 64 characters, case kept, not always a UUID).
package struct VersionID: ValidatedText {
    package let description: String

    /// - Returns: `nil` unless the text is 32 to 64 printable ASCII characters.
    package init?(_ text: String) {
        guard (32...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        self.description = text
    }

    /// A random id in the form of a UUID (version 4).
    package init(using generator: inout some RandomNumberGenerator) {
        let bits = (generator.next() as UInt64, generator.next() as UInt64)
        self.description = UUIDText.text(
            (bits.0 & 0xffff_ffff_ffff_0fff) | 0x4000,
            (bits.1 & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000
        )
    }
}

/// A staging label: AWSCURRENT, AWSPENDING, AWSPREVIOUS or a custom one, 1 to 256 characters.
///
/// Two labels are the same if their bytes are: Swift's own string comparison would take é and e + ´ for one label, the store does not.
package struct StagingLabel: ValidatedText {
    package let description: String

    package init?(_ text: String) {
        guard !text.isEmpty, text.unicodeScalars.count <= 256 else { return nil }
        self.description = text
    }

    private init(known: String) {
        self.description = known
    }

    package static let current = StagingLabel(known: "AWSCURRENT")
    package static let pending = StagingLabel(known: "AWSPENDING")
    package static let previous = StagingLabel(known: "AWSPREVIOUS")

    package static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.description.utf8.elementsEqual(rhs.description.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in self.description.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xff))
    }
}
