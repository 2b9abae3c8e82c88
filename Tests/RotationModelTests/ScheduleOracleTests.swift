import RotationModel
import SecretModel
import TestSupport
import Testing

/// The schedule arithmetic against a second, slower way to the same answers: each hour looked at by itself, from fields written down as sets.
@Suite struct ScheduleOracleTests {
    @Test func randomCronExpressionsAgreeWithAnHourByHourSearch() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var checked = 0
        while checked < 2_500 {
            let oracle = CronOracle(using: &generator)
            let schedule = try RotationSchedule(parsing: oracle.expression)
            guard case .cron(let cron) = schedule else {
                Issue.record("seed \(seed): \(oracle.expression) is no cron")
                return
            }
            // 1995 to 2104: leap years, and 2100, which is none.
            let hour = Int64.random(in: 219_144...1_174_000, using: &generator)
            for offset in 0..<Int64(24 * 9) {
                let instant = Timestamp(seconds: (hour + offset) * 3_600)
                let isStart = cron.matches(instant.civilDate) && cron.startHours.contains(Int((hour + offset) % 24))
                guard isStart == oracle.matches(instant) else {
                    Issue.record("seed \(seed): \(oracle.expression) at \(instant.rfc3339): \(isStart)")
                    return
                }
            }
            checked += 1
        }
    }

    @Test func theNextWindowIsTheFirstMatchingHourAfterTheBase() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var checked = 0
        while checked < 300 {
            let oracle = CronOracle(using: &generator)
            let rules = RotationRules(frequency: .expression(oracle.expression))
            guard let planner = try? RotationPlanner(rules: rules) else { continue }
            let base = Timestamp(seconds: Int64.random(in: 788_918_400...4_226_400_000, using: &generator))
            let now = base + .seconds(Int64.random(in: -86_400...2_000_000, using: &generator))
            var hour = base.seconds / 3_600 + 1
            while Timestamp(seconds: hour * 3_600) < now || !oracle.matches(Timestamp(seconds: hour * 3_600)) { hour += 1 }
            let window = planner.nextWindow(after: base, notBefore: now)
            #expect(
                window?.start == Timestamp(seconds: hour * 3_600),
                "seed \(seed): \(oracle.expression) from \(base.rfc3339), \(now.rfc3339)"
            )
            checked += 1
        }
    }

    @Test(arguments: [
        RotationRules(frequency: .days(1)), RotationRules(frequency: .days(30), windowHours: 24),
        RotationRules(frequency: .days(7), windowHours: 3),
        RotationRules(frequency: .expression("rate(4 hours)"), windowHours: 4),
        RotationRules(frequency: .expression("rate(5 hours)"), windowHours: 5),
        RotationRules(frequency: .expression("rate(36 hours)")),
        RotationRules(frequency: .expression("cron(0 2/10 * * ? *)"), windowHours: 4),
        RotationRules(frequency: .expression("cron(0 17 L * ? *)")),
        RotationRules(frequency: .expression("cron(0 1 ? 1/3 SUN#1 *)"), windowHours: 2),
        RotationRules(frequency: .expression("cron(0 16 29 * ? *)")),
    ])
    func overTwelveVirtualYearsWindowsNeverOverlapAndNoneIsSkipped(rules: RotationRules) throws {
        let planner = try RotationPlanner(rules: rules)
        let longest = try #require(RotationSchedule(rules.frequency).gaps?.longest)
        var base = try #require(Timestamp(rfc3339: "2019-02-27T11:12:13Z"))
        let end = try #require(Timestamp(rfc3339: "2031-01-01"))
        var last: RotationWindow?
        let secret = try testSecret()
        while base < end {
            let plan = try #require(planner.plan(base: base, now: base, secret: secret))
            #expect(plan.window.start > base)
            #expect(plan.window.start <= plan.dueAt && plan.dueAt < plan.window.end)
            #expect(plan.nextRotationDate == plan.window.end - .seconds(1))
            #expect(plan.window.start.seconds % 3_600 == 0)
            #expect(!plan.passesMaxAge)
            if let last {
                #expect(plan.window.start >= last.end)
                #expect(plan.window.start - last.start <= longest + .hours(5))
            }
            last = plan.window
            // The run takes a while, and may end at the window's last second.
            base = plan.dueAt + (plan.window.end - plan.dueAt - .seconds(1))
        }
    }
}

/// A random cron expression, with the sets that it was written from.
private struct CronOracle {
    let expression: String
    private let hours: Set<Int>
    private let months: Set<Int>
    private let day: @Sendable (_ date: CivilDate) -> Bool

    init(using generator: inout SeededGenerator) {
        func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        func field(_ range: ClosedRange<Int>) -> (String, Set<Int>) {
            let (low, high) = (range.lowerBound, range.upperBound)
            let (first, second, step) = (pick(range), pick(range), pick(1...high))
            switch pick(0...6) {
            case 0: return ("*", Set(range))
            case 1: return ("\(first),\(second)", [first, second])
            case 2: return ("\(min(first, second))-\(max(first, second))", Set(min(first, second)...max(first, second)))
            case 3: return ("/\(step)", Set(range.filter { ($0 - low) % step == 0 }))
            case 4: return ("\(first)/\(step)", Set(range.filter { $0 >= first && ($0 - first) % step == 0 }))
            default: return ("\(first)", [first])
            }
        }
        let (hourText, hours) = field(0...23)
        let (monthText, months) = field(1...12)
        let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        let weekday = pick(1...7)
        switch pick(0...4) {
        case 0:
            let (text, days) = field(1...31)
            self.expression = "cron(0 \(hourText) \(text) \(monthText) ? *)"
            self.day = { days.contains($0.day) }
        case 1:
            self.expression = "cron(0 \(hourText) L \(monthText) ? *)"
            self.day = { CivilDate(daysSinceEpoch: $0.daysSinceEpoch + 1).day == 1 }
        case 2:
            let nth = pick(1...5)
            self.expression = "cron(0 \(hourText) ? \(monthText) \(names[weekday - 1])#\(nth) *)"
            self.day = { date in
                let before = (1...date.day).filter {
                    CivilDate(daysSinceEpoch: date.daysSinceEpoch + Int64($0 - date.day)).weekday == weekday
                }
                return date.weekday == weekday && before.count == nth
            }
        case 3:
            self.expression = "cron(0 \(hourText) \(names[weekday - 1])L \(monthText) ? *)"
            self.day = { $0.weekday == weekday && CivilDate(daysSinceEpoch: $0.daysSinceEpoch + 7).month != $0.month }
        default:
            let (text, days) = field(1...7)
            self.expression = "cron(0 \(hourText) ? \(monthText) \(text) *)"
            self.day = { days.contains($0.weekday) }
        }
        self.hours = hours
        self.months = months
    }

    func matches(_ instant: Timestamp) -> Bool {
        let date = instant.civilDate
        return self.hours.contains(Int(instant.seconds / 3_600 % 24)) && self.months.contains(date.month) && self.day(date)
    }
}

func testSecret(_ name: String = "prod/db") throws -> SecretARN {
    let region = try #require(RegionName("eu-west-1"))
    let secretName = try #require(SecretName(name))
    return try #require(SecretARN(scope: SecretScope(account: .initial, region: region), name: secretName, suffix: "aB3dE5"))
}
