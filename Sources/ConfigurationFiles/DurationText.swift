import SecretModel

/// Spans of time as people write them: `30d`, `36h`, `1d 12h`, `90m`, `10s`; `0` is none.
package enum DurationText {
    private static let units: [(letter: Character, seconds: Int64)] = [("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]

    /// - Returns: `nil` if the text is no span of time.
    package static func parse(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        var seconds: Int64 = 0
        let parts = text.split(separator: " ")
        guard !parts.isEmpty else { return nil }
        for part in parts {
            guard let letter = part.last, let unit = self.units.first(where: { $0.letter == letter }),
                part.dropLast().utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let count = Int64(part.dropLast()), count <= 1_000_000
            else { return nil }
            seconds += count * unit.seconds
        }
        return .seconds(seconds)
    }

    /// The shortest text that `parse` reads back as the same span (whole seconds).
    package static func format(_ duration: Duration) -> String {
        var rest = duration.wholeMicroseconds / 1_000_000
        var parts: [String] = []
        for unit in self.units.dropFirst() where rest >= unit.seconds {
            parts.append("\(rest / unit.seconds)\(unit.letter)")
            rest %= unit.seconds
        }
        return parts.isEmpty ? "0" : parts.joined(separator: " ")
    }
}
