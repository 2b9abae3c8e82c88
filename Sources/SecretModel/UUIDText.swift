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
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for place in 0..<32 {
            if place >= 8, place <= 20, place.isMultiple(of: 4) { bytes.append(UInt8(ascii: "-")) }
            let half = place < 16 ? high : low
            let digit = UInt8(half >> UInt64(60 - place % 16 * 4) & 15)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
