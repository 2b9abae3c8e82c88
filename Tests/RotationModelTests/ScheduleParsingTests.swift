import RotationModel
import SecretModel
import Testing

@Suite struct ScheduleParsingTests {
    /// The examples of AWS's documentation (`aws-service.md` §1.3) and starts computed by hand; 2026-11-21 is a Saturday.
    @Test(arguments: [
        ("cron(0 /8 * * ? *)", ["2026-11-21T08:00:00Z", "2026-11-21T16:00:00Z", "2026-11-22T00:00:00Z"]),
        ("cron(0 8/8 * * ? *)", ["2026-11-21T08:00:00Z", "2026-11-21T16:00:00Z", "2026-11-22T08:00:00Z"]),
        ("cron(0 2/10 * * ? *)", ["2026-11-21T12:00:00Z", "2026-11-21T22:00:00Z", "2026-11-22T02:00:00Z"]),
        ("cron(0 4/12 * * ? *)", ["2026-11-21T16:00:00Z", "2026-11-22T04:00:00Z", "2026-11-22T16:00:00Z"]),
        ("cron(0 10 * * ? *)", ["2026-11-21T10:00:00Z", "2026-11-22T10:00:00Z"]),
        ("cron(0 18 ? * SAT *)", ["2026-11-21T18:00:00Z", "2026-11-28T18:00:00Z"]),
        ("cron(0 8 1 * ? *)", ["2026-12-01T08:00:00Z", "2027-01-01T08:00:00Z"]),
        ("cron(0 1 ? 1/3 SUN#1 *)", ["2027-01-03T01:00:00Z", "2027-04-04T01:00:00Z", "2027-07-04T01:00:00Z"]),
        ("cron(0 17 L * ? *)", ["2026-11-30T17:00:00Z", "2026-12-31T17:00:00Z", "2027-01-31T17:00:00Z", "2027-02-28T17:00:00Z"]),
        ("cron(0 8 ? * MON-FRI *)", ["2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z"]),
        ("cron(0 16 1,15 * ? *)", ["2026-12-01T16:00:00Z", "2026-12-15T16:00:00Z"]),
        ("cron(0 0 ? * SUN#1 *)", ["2026-12-06T00:00:00Z", "2027-01-03T00:00:00Z"]),
        ("cron(0 3 SUNL * ? *)", ["2026-11-29T03:00:00Z", "2026-12-27T03:00:00Z"]),
        ("cron(0 3 ? * L *)", ["2026-11-28T03:00:00Z", "2026-12-05T03:00:00Z"]),
        ("cron(0 3 ? * FRIL *)", ["2026-11-27T03:00:00Z", "2026-12-25T03:00:00Z"]),
        ("cron(0 3 ? * 3#3 *)", ["2026-12-15T03:00:00Z"]),
        ("rate(4 hours)", ["2026-11-21T08:00:00Z", "2026-11-21T12:00:00Z"]),
        ("rate(5 hours)", ["2026-11-21T09:00:00Z", "2026-11-21T14:00:00Z"]),
        ("rate(48 hours)", ["2026-11-23T00:00:00Z", "2026-11-25T00:00:00Z"]),
        ("rate(1 day)", ["2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"]),
        ("rate(10 days)", ["2026-12-01T00:00:00Z", "2026-12-11T00:00:00Z"]),
    ])
    func awsExamplesGiveTheirWindows(expression: String, starts: [String]) throws {
        let planner = try RotationPlanner(rules: RotationRules(frequency: .expression(expression)))
        var base = try #require(Timestamp(rfc3339: "2026-11-21T04:30:00Z"))
        for expected in starts {
            let window = try #require(planner.nextWindow(after: base, notBefore: base))
            #expect(window.start.rfc3339 == expected)
            base = window.start
        }
    }

    @Test(arguments: [
        ("", 1), ("days(3)", 1), ("rate(1 weeks)", 8), ("rate(0 days)", 6), ("rate(-1 days)", 6), ("rate(+1 days)", 1),
        ("rate(1.5 days)", 1),
        ("rate(1  days)", 6), ("rate( 1 days)", 6), ("rate(1 days", 11), ("rate(1 days) ", 13), ("rate()", 6),
        ("rate(99999999999999999999 days)", 6),
        ("RATE(1 days)", 1), ("rate(1 days);", 13), ("cron(0 10 * * ? *", 1), ("cron(0 10 * * ?)", 6), ("cron(0 10 * * ? * *)", 6),
        ("cron(5 10 * * ? *)", 6), ("cron(* 10 * * ? *)", 6), ("cron(0 24 * * ? *)", 8), ("cron(0 x * * ? *)", 8),
        ("cron(0 10 0 * ? *)", 11),
        ("cron(0 10 32 * ? *)", 11), ("cron(0 10 15W * ? *)", 11), ("cron(0 10 * 13 ? *)", 13), ("cron(0 10 * FOO ? *)", 13),
        ("cron(0 10 ? * 8 *)", 15), ("cron(0 10 ? * 0 *)", 15), ("cron(0 10 ? * TUE#6 *)", 15), ("cron(0 10 ? * TUE#0 *)", 15),
        ("cron(0 10 ? * #1 *)", 15), ("cron(0 10 ? * FRI-MON *)", 15), ("cron(0 10 ? * MON,,FRI *)", 19), ("cron(0 10 ? * MON,XXX *)", 19),
        ("cron(0 10 * * * *)", 11), ("cron(0 10 ? * ? *)", 11), ("cron(0 10 * * ? 2027)", 17), ("cron(0 1/0 * * ? *)", 8),
        ("cron(0 1/ * * ? *)", 8), ("cron(0 1/2/3 * * ? *)", 8), ("cron(0 10 1-5-9 * ? *)", 11), ("cron(0 10 5L * ? *)", 11),
        ("cron(0 +8 * * ? *)", 8),
    ])
    func whatAWSWouldNotAcceptIsRefusedWithThePlace(expression: String, position: Int) throws {
        let error = try #require(throws: InvalidSchedule.self) { try RotationSchedule(parsing: expression) }
        // Characters outside AWS's set are found first, wherever they are.
        let stray = expression.utf8.firstIndex { "+.;".utf8.contains($0) }
        let expected = stray.map { expression.utf8.distance(from: expression.startIndex, to: $0) + 1 } ?? position
        #expect(error.position == expected, "\(error)")
        #expect(!error.reason.isEmpty)
    }

    @Test func hostileTextsAreRefusedQuickly() {
        let texts = [
            String(repeating: "a", count: 100_000), "cron(" + String(repeating: " ", count: 250), "rate(1\u{0} days)", "cron(0 １０ * * ? *)",
            "rate(1 días)",
            "cron(0 10 * * ? *)\n", "cron(" + String(repeating: "1,", count: 120) + ")",
        ]
        for text in texts {
            #expect(throws: InvalidSchedule.self) { try RotationSchedule(parsing: text) }
        }
    }
}
