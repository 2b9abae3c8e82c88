import RotationModel
import SecretModel
import Testing

@Suite struct RulesValidationTests {
    private static func cron(_ fields: String, window: Int? = nil) -> RotationRules {
        RotationRules(frequency: .expression("cron(\(fields))"), windowHours: window)
    }

    private static func rate(_ text: String, window: Int? = nil) -> RotationRules {
        RotationRules(frequency: .expression("rate(\(text))"), windowHours: window)
    }

    private static func days(_ days: Int, window: Int? = nil) -> RotationRules {
        RotationRules(frequency: .days(days), windowHours: window)
    }

    @Test(arguments: [
        days(1), days(1_000), days(30, window: 24), days(30, window: 1), rate("4 hours"), rate("4 hours", window: 4), rate("23976 hours"),
        rate("999 days"),
        rate("30 hours", window: 30), cron("0 16 1,15 * ? *", window: 2), cron("0 16 1,15 * ? *", window: 8),
        cron("0 2/10 * * ? *", window: 4),
        cron("0 0,4,8 * * ? *"), cron("0 */6 * * ? *"), cron("0 0 ? 1 SUN#1 *"), cron("0 0 31 12 ? *"), cron("0 0 ? * SUN#5 *"),
    ])
    func acceptedRules(rules: RotationRules) {
        #expect(throws: Never.self) { try rules.validate() }
    }

    @Test(arguments: [
        (days(0), InvalidRules.daysOutOfRange(0)), (days(1_001), .daysOutOfRange(1_001)), (days(-5), .daysOutOfRange(-5)),
        (rate("1000 days"), .tooRare("1000 days")), (rate("3 hours"), .tooFrequent(hours: 3)),
        (rate("23977 hours"), .tooRare("23977 hours")),
        (cron("0 /3 * * ? *"), .tooFrequent(hours: 3)), (cron("0 * * * ? *"), .tooFrequent(hours: 1)),
        (cron("0 1,23 * * ? *"), .tooFrequent(hours: 2)),
        (cron("0 10 30 2 ? *"), .tooRare("the expression names no day, or only one")), (cron("0 10 29 2 ? *"), .tooRare("up to 1461 days")),
        (days(30, window: 0), .windowOutOfRange(hours: 0)), (days(30, window: 100), .windowOutOfRange(hours: 100)),
        (days(30, window: 25), .windowCrossesDay(startHour: 0, hours: 25)),
        (cron("0 16 1,15 * ? *", window: 9), .windowCrossesDay(startHour: 16, hours: 9)),
        (rate("4 hours", window: 5), .windowReachesNext(hours: 5, gapHours: 4)),
        (cron("0 2/10 * * ? *", window: 5), .windowReachesNext(hours: 5, gapHours: 4)),
    ])
    func refusedRules(rules: RotationRules, expected: InvalidRules) throws {
        let error = try #require(throws: InvalidRules.self) { try rules.validate() }
        #expect(error == expected)
        #expect(throws: InvalidRules.self) { try RotationPlanner(rules: rules) }
    }

    @Test func spansAreBounded() throws {
        var rules = Self.days(30)
        rules.jitter = .hours(24)
        #expect(throws: InvalidRules.jitterExceedsWindow(jitterSeconds: 86_400, windowHours: 24)) { try rules.validate() }
        rules.jitter = .seconds(-1)
        #expect(throws: InvalidRules.spanOutOfRange(member: "jitter")) { try rules.validate() }
        rules.jitter = nil
        rules.grace = .seconds(Int64.max / 2)
        #expect(throws: InvalidRules.spanOutOfRange(member: "grace")) { try rules.validate() }
        rules.grace = nil
        rules.stagger = RotationRules.Stagger(group: "db", minimumGap: .seconds(-1))
        #expect(throws: InvalidRules.spanOutOfRange(member: "stagger.min_gap")) { try rules.validate() }
        rules.stagger = nil
        let now = Timestamp(seconds: 0)
        rules.freezes = [RotationRules.Freeze(from: now, until: now, reason: "year's end")]
        #expect(throws: InvalidRules.freezeEndsBeforeItBegins(reason: "year's end")) { try rules.validate() }
    }

    @Test func maxAgeMustLeaveTimeForRetries() throws {
        for (interval, least) in [(1, 48), (2, 96), (3, 144), (10, 312), (12, 360), (30, 900), (100, 3_000)] {
            var rules = Self.days(interval)
            rules.maxAge = .hours(Int64(least))
            #expect(throws: Never.self, "\(interval) d") { try rules.validate() }
            rules.maxAge = .hours(Int64(least)) - .seconds(1)
            let error = try #require(throws: InvalidRules.self) { try rules.validate() }
            #expect(error == .maxAgeTooShort(hours: Int64(least) - 1, atLeastHours: Int64(least)), "\(interval) d")
        }
    }

    @Test func theDefaultMaxAgeIsAlwaysAccepted() throws {
        for rules in [
            Self.days(1), Self.days(2), Self.days(7), Self.days(30), Self.days(1_000), Self.rate("4 hours"), Self.cron("0 17 L * ? *"),
        ] {
            var explicit = rules
            explicit.maxAge = try rules.effectiveMaxAge()
            #expect(throws: Never.self) { try explicit.validate() }
        }
        #expect(try Self.days(30).effectiveMaxAge() == .days(60))
        #expect(try Self.rate("4 hours").effectiveMaxAge() == .hours(28))
        #expect(try Self.cron("0 8 1 * ? *").effectiveMaxAge() == .days(62))
        #expect(try Self.cron("0 2/10 * * ? *").effectiveMaxAge() == .hours(34))
    }
}
