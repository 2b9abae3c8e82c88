/// UUIDs (RFC 9562) as text.
package enum UUIDText {
    /// A UUID of version 7: those of later milliseconds sort behind those of earlier ones, so an index of them grows at its end.
    package static func ordered(at time: Timestamp, using generator: inout some RandomNumberGenerator) -> String {
        let bits = (generator.next() as UInt64, generator.next() as UInt64)
        let milliseconds = UInt64(bitPattern: time.microseconds.floorDivided(by: 1_000)) & 0xffff_ffff_ffff
        return Self.text(milliseconds << 16 | 0x7000 | (bits.0 & 0x0fff), (bits.1 & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000)
    }

    /// - Parameters:
    ///   - high: The first 64 bits, the version among them.
    ///   - low: The last 64 bits, the variant among them.
    static func text(_ high: UInt64, _ low: UInt64) -> String {
        func hex(_ value: UInt64, _ width: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: width - text.count) + text
        }
        return [
            hex(high >> 32, 8), hex(high >> 16 & 0xffff, 4), hex(high & 0xffff, 4),
            hex(low >> 48, 4), hex(low & 0xffff_ffff_ffff, 12),
        ].joined(separator: "-")
    }
}
