/// The id of a version: the ClientRequestToken that made it, verbatim (32 to 64 characters, case kept, not always a UUID).
package struct VersionID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let description: String

    /// - Returns: `nil` unless the text is 32 to 64 printable ASCII characters.
    package init?(_ text: String) {
        guard (32...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        self.description = text
    }

    /// A random id in the form of a UUID (version 4).
    package init(using generator: inout some RandomNumberGenerator) {
        let bits = (generator.next() as UInt64, generator.next() as UInt64)
        let high = (bits.0 & 0xffff_ffff_ffff_0fff) | 0x4000
        let low = (bits.1 & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000
        func hex(_ value: UInt64, _ width: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: width - text.count) + text
        }
        self.description = [
            hex(high >> 32, 8), hex(high >> 16 & 0xffff, 4), hex(high & 0xffff, 4),
            hex(low >> 48, 4), hex(low & 0xffff_ffff_ffff, 12),
        ].joined(separator: "-")
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = VersionID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a version id")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}

/// A staging label: AWSCURRENT, AWSPENDING, AWSPREVIOUS or a custom one, 1 to 256 characters.
package struct StagingLabel: Hashable, Sendable, Codable, CustomStringConvertible {
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
}
