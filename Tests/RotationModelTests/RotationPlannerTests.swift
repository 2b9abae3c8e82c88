import RotationModel
import SecretModel
import Testing

@Suite struct RotationPlannerTests {
    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    /// The real case of `aws-service.md` §1.5: a manual value on 2026-02-03, every 30 days.
    @Test func nextRotationDateIsTheLastSecondOfTheWindow() throws {
        let planner = try RotationPlanner(rules: RotationRules(frequency: .days(30)))
        let base = try self.time("2026-02-03T17:42:00Z")
        let plan = try #require(planner.plan(base: base, now: base, secret: testSecret()))
        #expect(plan.nextRotationDate.rfc3339 == "2026-03-05T23:59:59Z")
    }

    @Test func jitterIsTheSameEachTimeAndDiffersBetweenSecrets() throws {
        let base = try self.time("2026-11-21T12:00:00Z")
        let planner = try RotationPlanner(rules: RotationRules(frequency: .days(1)))
        let dues = try (0..<200).map { index in
            let secret = try testSecret("s\(index)")
            let plan = try #require(planner.plan(base: base, now: base, secret: secret))
            #expect(planner.plan(base: base, now: base, secret: secret) == plan)
            #expect(plan.dueAt - plan.window.start <= .hours(8))
            return plan.dueAt
        }
        #expect(Set(dues).count > 150)
        let exact = try RotationPlanner(rules: RotationRules(frequency: .days(1), jitter: .zero))
        #expect(try exact.plan(base: base, now: base, secret: testSecret())?.dueAt.rfc3339 == "2026-11-22T00:00:00Z")
    }

    /// Computed outside of Swift, by FNV-1a and SplitMix64's mixing: another process, another node and another release must agree, or a
    /// restart would move what is due (I5).
    @Test(arguments: [
        ("prod/db", "2026-11-22T07:09:58Z"), ("prod/other", "2026-11-22T07:40:43Z"),
    ])
    func i5JitterIsTheSameInEveryProcess(name: String, dueAt: String) throws {
        let base = try self.time("2026-11-21T12:00:00Z")
        let planner = try RotationPlanner(rules: RotationRules(frequency: .days(1)))
        #expect(try planner.plan(base: base, now: base, secret: testSecret(name))?.dueAt.rfc3339 == dueAt)
    }

    @Test(arguments: [
        RotationRules(frequency: .days(30)), RotationRules(frequency: .expression("rate(4 hours)")),
        RotationRules(frequency: .days(1), windowHours: 24),
        RotationRules(frequency: .expression("cron(0 10 * * ? *)")),
        RotationRules(frequency: .expression("cron(0 0 1 * ? *)"), jitter: .zero),
    ])
    func i5RulesForALongStaleSecretMakeNothingDueNow(rules: RotationRules) throws {
        let planner = try RotationPlanner(rules: rules)
        let now = try self.time("2026-11-21T12:34:56Z")
        for age in [Duration.minutes(1), .hours(13), .days(1), .days(31), .days(4_000)] {
            let plan = try #require(planner.plan(base: now - age, now: now, secret: testSecret()))
            #expect(plan.window.start > now)
            #expect(plan.dueAt > now)
        }
    }

    @Test func aFreezeMovesTheDueTimeInsideTheWindowIfItStillFits() throws {
        let freeze = RotationRules.Freeze(
            from: try self.time("2026-12-20"),
            until: try self.time("2026-12-21T06:00:00Z"),
            reason: "year's end"
        )
        let rules = RotationRules(frequency: .days(30), jitter: .zero, freezes: [freeze])
        let base = try self.time("2026-11-21T12:00:00Z")
        let plan = try #require(RotationPlanner(rules: rules).plan(base: base, now: base, secret: testSecret()))
        #expect(plan.window.start.rfc3339 == "2026-12-21T00:00:00Z")
        #expect(plan.dueAt.rfc3339 == "2026-12-21T06:00:00Z")
        #expect(!plan.passesMaxAge)
    }

    @Test func aFreezeOverTheWholeWindowMovesToTheNextOneAndSaysIfMaxAgePasses() throws {
        let base = try self.time("2026-11-21T12:00:00Z")
        for (until, due, passes) in [
            ("2027-01-04T00:00:00Z", "2027-01-04T00:00:00Z", false), ("2027-01-04T13:00:00Z", "2027-01-04T13:00:00Z", false),
            ("2036-01-01T00:00:00Z", "2036-01-01T00:00:00Z", true),
        ] {
            let freezes = [
                RotationRules.Freeze(from: try self.time("2026-12-20"), until: try self.time("2026-12-30"), reason: "holidays"),
                RotationRules.Freeze(from: try self.time("2026-12-29"), until: try self.time(until), reason: "stock-taking"),
            ]
            let rules = RotationRules(frequency: .days(30), jitter: .zero, freezes: freezes)
            let plan = try #require(RotationPlanner(rules: rules).plan(base: base, now: base, secret: testSecret()))
            #expect(plan.dueAt.rfc3339 == due)
            #expect(plan.passesMaxAge == passes)
            #expect(plan.window.start <= plan.dueAt && plan.dueAt < plan.window.end)
            #expect(rules.freeze(at: plan.dueAt) == nil)
            #expect(rules.freeze(at: try self.time("2026-12-29T12:00:00Z"))?.reason == "stock-taking")
        }
    }

    @Test func aMonthlyScheduleKeepsToItsWindowsAfterAFreeze() throws {
        let freeze = RotationRules.Freeze(from: try self.time("2026-11-30"), until: try self.time("2026-12-02"), reason: "launch")
        let rules = RotationRules(frequency: .expression("cron(0 8 1 * ? *)"), windowHours: 2, jitter: .zero, freezes: [freeze])
        let base = try self.time("2026-11-21T12:00:00Z")
        let plan = try #require(RotationPlanner(rules: rules).plan(base: base, now: base, secret: testSecret()))
        #expect(plan.dueAt.rfc3339 == "2027-01-01T08:00:00Z")
    }

    @Test func neighboursOfAStaggerGroupKeepTheirDistance() throws {
        let base = try self.time("2026-11-21T12:00:00Z")
        let rules = RotationRules(
            frequency: .days(1),
            windowHours: 6,
            jitter: .zero,
            stagger: RotationRules.Stagger(group: "db", minimumGap: .hours(2))
        )
        let planner = try RotationPlanner(rules: rules)
        var dues: [Timestamp] = []
        for _ in 0..<7 { dues.append(try #require(planner.plan(base: base, now: base, secret: testSecret(), neighbours: dues)).dueAt) }
        #expect(
            dues.map(\.rfc3339) == [
                "2026-11-22T00:00:00Z", "2026-11-22T02:00:00Z", "2026-11-22T04:00:00Z", "2026-11-23T00:00:00Z", "2026-11-23T02:00:00Z",
                "2026-11-23T04:00:00Z", "2026-11-24T00:00:00Z",
            ]
        )
    }

    @Test func upcomingListsTheNextRotationsInOrder() throws {
        let base = try self.time("2026-11-21T12:00:00Z")
        let planner = try RotationPlanner(rules: RotationRules(frequency: .expression("cron(0 17 L * ? *)"), jitter: .zero))
        let plans = planner.upcoming(4, base: base, now: base, secret: try testSecret())
        #expect(
            plans.map(\.dueAt.rfc3339) == ["2026-11-30T17:00:00Z", "2026-12-31T17:00:00Z", "2027-01-31T17:00:00Z", "2027-02-28T17:00:00Z"]
        )
    }

    @Test func maxAgeDeadlinesFollowTheirTable() throws {
        let start = try self.time("2026-01-01")
        // Max age in hours; then hours before the deadline: budget, warning, critical.
        for (maxAge, budget, warning, critical) in [
            (1_440, 288, 144, 28.8), (360, 72, 36, 7.2), (48, 24, 12, 4), (28, 14, 7, 4), (8, 4, 2, 2),
        ] as [(Int64, Int64, Int64, Double)] {
            let deadlines = MaxAgeDeadlines(lastSuccess: start, maxAge: .hours(maxAge))
            #expect(deadlines.exceeded - start == .hours(maxAge))
            #expect(deadlines.retryBudget == .hours(budget))
            #expect(deadlines.exceeded - deadlines.warning == .hours(warning))
            #expect(deadlines.exceeded - deadlines.critical == .seconds(Int64(critical * 3_600)))
        }
        let expiring = MaxAgeDeadlines(lastSuccess: start, maxAge: .days(60), expires: start + .days(10))
        #expect(expiring.exceeded == start + .days(10))
    }

    @Test func maxAgeIsAtStakeWhenTheNextWindowWouldComeTooLate() throws {
        let start = try self.time("2026-01-01")
        let deadlines = MaxAgeDeadlines(lastSuccess: start, maxAge: .days(60))
        func window(_ day: Int64) -> RotationWindow { RotationWindow(start: start + .days(day), end: start + .days(day + 1)) }
        #expect(!deadlines.isAtStake(at: start + .days(30), nextWindow: window(31)))
        #expect(deadlines.isAtStake(at: start + .days(30), nextWindow: window(49)))
        #expect(deadlines.isAtStake(at: start + .days(48), nextWindow: window(31)))
        #expect(deadlines.isAtStake(at: start, nextWindow: nil))
    }

    @Test func retriesFollowTheirScheduleWithinTenPercent() throws {
        let token = try #require(VersionID("00000000-0000-0000-0000-000000000001"))
        for (failures, minutes) in [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (500, 60)] {
            let delay = RetrySchedule.delay(afterFailures: failures, of: token)
            #expect(delay == RetrySchedule.delay(afterFailures: failures, of: token))
            #expect(delay >= .seconds(minutes * 54) && delay <= .seconds(minutes * 66))
        }
        #expect(Set((4..<40).map { RetrySchedule.delay(afterFailures: $0, of: token) }).count > 20)
    }
}
