package import SecretModel

extension Timestamp {
    /// Parses a date of a policy: one of the W3C forms of ISO 8601 (`2026`, `2026-11`, `2026-11-21`, `2026-11-21T01:02Z`, with seconds and a
    /// fraction, with `Z` or an offset), or seconds since the epoch.
    package init?(policyDate text: String) {
        if text.utf8.count != 4 || text.utf8.first == UInt8(ascii: "-"), let seconds = Int64(text), seconds.magnitude < 1 << 40,
            text.utf8.first != UInt8(ascii: "+")
        {
            self.init(seconds: seconds)
            return
        }
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let day = Self.completed(day: parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(rfc3339: day)
            return
        }
        guard let zone = parts[1].firstIndex(where: { $0 == "Z" || $0 == "+" || $0 == "-" }),
            let offset = Self.offset(parts[1][zone...])
        else { return nil }
        let time = parts[1][..<zone]
        let seconds = time.utf8.count == 5 ? ":00" : ""
        guard let local = Timestamp(rfc3339: "\(day)T\(time)\(seconds)Z") else { return nil }
        self = local - offset
    }

    private static func completed(day: String) -> String? {
        switch day.utf8.count {
        case 4: "\(day)-01-01"
        case 7: "\(day)-01"
        case 10: day
        default: nil
        }
    }

    /// `Z`, `+01:00`, `-0530`.
    private static func offset(_ text: Substring) -> Duration? {
        if text == "Z" { return .zero }
        let digits = text.dropFirst().utf8.filter { $0 != UInt8(ascii: ":") }
        guard digits.count == 4, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let numbers = digits.map { Int64($0) - 48 }
        let (hours, minutes) = (numbers[0] * 10 + numbers[1], numbers[2] * 10 + numbers[3])
        guard hours < 24, minutes < 60 else { return nil }
        let offset = Duration.hours(hours) + .minutes(minutes)
        return text.first == "-" ? .zero - offset : offset
    }
}
