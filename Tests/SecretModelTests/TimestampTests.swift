import SecretModel
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T23:59:59Z", 951_868_799), ("2026-11-21T01:02:03Z", 1_795_222_923),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("1969-12-31T23:59:59Z", -1), ("2038-01-19T03:14:08Z", 2_147_483_648), ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] as [(String, Int64)]
    )
    func knownInstantsReadAndWrite(text: String, seconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.seconds == seconds)
        #expect(Timestamp(seconds: seconds).rfc3339 == text)
    }

    @Test func fractionsAndDatesAloneAreRead() {
        #expect(Timestamp(rfc3339: "1970-01-01T00:00:01.5Z")?.microseconds == 1_500_000)
        #expect(Timestamp(rfc3339: "1970-01-01T00:00:00.000001Z")?.microseconds == 1)
        #expect(Timestamp(rfc3339: "1970-01-02")?.seconds == 86_400)
        for microseconds: Int64 in [0, 1, 1_500_000, 1_790_000_000_123_456, -1] {
            let time = Timestamp(microseconds: microseconds)
            #expect(Timestamp(rfc3339: time.preciseRFC3339) == time)
        }
        #expect(Timestamp(microseconds: 1_000_042).preciseRFC3339 == "1970-01-01T00:00:01.000042Z")
        #expect(Timestamp(seconds: 1_795_222_923).amzDate == "20261121T010203Z")
        #expect(Timestamp(microseconds: 1_523_477_145_713_999).epochSeconds == 1_523_477_145.713)
    }

    @Test(arguments: [
        "", "2026", "2026-02-30", "2026-13-01", "2026-00-01", "2026-01-00", "2100-02-29", "2026-11-21T24:00:00Z", "2026-11-21T00:60:00Z",
        "2026-11-21T00:00:60Z",
        "2026-11-21T00:00:00", "2026-11-21T00:00:00+01:00", "2026-11-21T00:00:00Zx", "2026-11-21 00:00:00Z", "2026-11-21T00:00:00.Z",
        "2026-11-21T00:00:00.1234567Z", "2026-11-21t00:00:00z", "+026-11-21", "2026-11-21T", "２０26-11-21", "2026-11-21T0:00:000Z",
    ])
    func otherTextsAreNoInstants(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    /// Every day of 800 years, leap centuries included, against counting.
    @Test func daysFollowEachOther() {
        var (year, month, day, weekday) = (1_700, 1, 1, 6)
        for number in CivilDate(daysSinceEpoch: -98_615).daysSinceEpoch..<193_579 {
            let date = CivilDate(daysSinceEpoch: number)
            guard date.year == year, date.month == month, date.day == day, date.weekday == weekday, date.daysSinceEpoch == number else {
                Issue.record("day \(number) is \(date), not \(year)-\(month)-\(day), weekday \(weekday)")
                return
            }
            weekday = weekday % 7 + 1
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
        }
        #expect(year == 2_500)
    }
}
