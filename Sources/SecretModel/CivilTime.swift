/// A date of the proleptic Gregorian calendar in UTC, by integer arithmetic
/// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"): no time zone, no locale, no Foundation parser.
package struct CivilDate: Hashable, Comparable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// - Returns: `nil` if there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= CivilDate.daysInMonth(year: year, month: month) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    package init(daysSinceEpoch: Int64) {
        let z = daysSinceEpoch + 719_468
        let era = z.floorDivided(by: 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        self.day = Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
        self.month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
        self.year = Int(yearOfEra + era * 400) + (self.month <= 2 ? 1 : 0)
    }

    package var daysSinceEpoch: Int64 {
        let y = Int64(self.month <= 2 ? self.year - 1 : self.year)
        let era = y.floorDivided(by: 400)
        let yearOfEra = y - era * 400
        let shifted = Int64(self.month > 2 ? self.month - 3 : self.month + 9)
        let dayOfYear = (153 * shifted + 2) / 5 + Int64(self.day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 1 = Sunday … 7 = Saturday, as AWS cron expressions count.
    package var weekday: Int {
        let sundayBased = (self.daysSinceEpoch + 4) - (self.daysSinceEpoch + 4).floorDivided(by: 7) * 7
        return Int(sundayBased) + 1
    }

    package static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.year, lhs.month, lhs.day) < (rhs.year, rhs.month, rhs.day)
    }
}

extension Timestamp {
    /// 00:00:00Z of a day.
    package init(startOf date: CivilDate) {
        self.init(seconds: date.daysSinceEpoch * 86_400)
    }

    /// The UTC day of this instant.
    package var civilDate: CivilDate { CivilDate(daysSinceEpoch: self.seconds.floorDivided(by: 86_400)) }

    /// RFC 3339 in UTC, whole seconds: `2026-11-21T01:02:03Z`.
    package var rfc3339: String {
        let second = self.seconds - self.startOfDay.seconds
        return "\(self.dateText)T\(pad(second / 3_600)):\(pad(second / 60 % 60)):\(pad(second % 60))Z"
    }

    /// RFC 3339 in UTC to the microsecond: `2026-11-21T01:02:03.000004Z`.
    package var preciseRFC3339: String {
        let fraction = String(self.microseconds - self.seconds * 1_000_000)
        return "\(self.rfc3339.dropLast()).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)Z"
    }

    /// AWS's basic form, `20261121T010203Z`, as SigV4's `X-Amz-Date` carries it.
    package var amzDate: String {
        String(self.rfc3339.filter { $0 != "-" && $0 != ":" })
    }

    /// Parses RFC 3339 in UTC (`2026-11-21T01:02:03Z`, an optional fraction of up to six digits) or a date alone (`2026-11-21`).
    ///
    /// - Returns: `nil` for anything else: no offset, no 30 February, no hour 24, nothing trailing.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int64(byte - 48)
            }
            return value
        }
        guard bytes.count >= 10, bytes[4] == 45, bytes[7] == 45,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let date = CivilDate(year: Int(year), month: Int(month), day: Int(day))
        else { return nil }
        if bytes.count == 10 {
            self.init(startOf: date)
            return
        }
        guard bytes.count >= 20, bytes[10] == 84, bytes[13] == 58, bytes[16] == 58, bytes.last == 90,
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if bytes.count > 20 {
            let digits = 20..<(bytes.count - 1)
            guard bytes[19] == 46, (1...6).contains(digits.count), let value = number(digits) else { return nil }
            fraction = (digits.count..<6).reduce(value) { scaled, _ in scaled * 10 }
        }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    private var dateText: String {
        let date = self.civilDate
        return "\(pad(Int64(date.year), 4))-\(pad(Int64(date.month)))-\(pad(Int64(date.day)))"
    }
}

private func pad(_ value: Int64, _ width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
