import RotationModel
import SecretModel
import TestSupport
import Testing

/// Plans against a second, slower way to the same answers: each hour asked whether a window begins, each minute of a window whether anything
/// forbids it. Integers only: no time zone, so no change of one, can move a date.
@Suite struct PlannerOracleTests {
    @Test("I5 10,000 random rules, dates, freezes and neighbours: the plan is the first time that nothing forbids")
    func plansAgreeWithASearchMinuteByMinute() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let secret = try testSecret()
        var checked = 0
        while checked < 10_000 {
            let oracle = PlanOracle(using: &generator, isCron: checked % 100 == 0)
            guard let planner = try? RotationPlanner(rules: oracle.rules) else { continue }
            checked += 1
            let plan = planner.plan(base: oracle.base, now: oracle.now, secret: secret, neighbours: oracle.neighbours)
            let complaint = oracle.complaint(about: plan)
            guard complaint == nil else {
                Issue.record("seed \(seed), case \(checked): \(complaint ?? "")\n\(oracle)\n\(String(describing: plan))")
                return
            }
            // A clock that stands anywhere before the window, a restart, another node: the same plan.
            guard let plan, plan.window.start > oracle.now else { continue }
            let later = oracle.now + (plan.window.start - oracle.now) / Int.random(in: 1...9, using: &generator)
            let again = planner.plan(base: oracle.base, now: later, secret: secret, neighbours: oracle.neighbours)
            guard again == plan || oracle.startsAnyHour else {
                Issue.record(
                    "seed \(seed), case \(checked): another plan at \(later.rfc3339)\n\(oracle)\n\(plan)\n\(String(describing: again))"
                )
                return
            }
        }
    }
}

/// Random rules, and what the words of `aws-service.md` §1.2 to §1.5 say of them, hour by hour.
private struct PlanOracle: CustomStringConvertible {
    private enum Frequency {
        case days(Int)
        case hours(Int)
        /// On some hours of some days of the month.
        case daysOfMonth(Set<Int>, hour: Int)
    }

    let rules: RotationRules
    let base: Timestamp
    let now: Timestamp
    let neighbours: [Timestamp]
    private let frequency: Frequency

    init(using generator: inout SeededGenerator, isCron: Bool) {
        func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        func minutes(_ range: ClosedRange<Int>) -> Duration { .minutes(Int64(pick(range))) }
        // 1995 to 2104: leap years, and 2100, which is none; every tenth on the last day of a February.
        var base = Timestamp(seconds: Int64(pick(788_918_400...4_226_400_000)))
        if pick(0...9) == 0, let day = CivilDate(year: base.civilDate.year, month: 3, day: 1) {
            base = Timestamp(seconds: day.daysSinceEpoch * 86_400 - Int64(pick(1...86_400)))
        }
        self.base = base
        self.now = base + minutes(-3_000...(pick(0...1) == 0 ? 1_000 : 80_000))
        let days = pick(0...4) == 0 ? pick(1...400) : pick(1...31)
        let hours = pick(0...2) == 0 ? pick(4...200) : [4, 6, 8, 12, 24, 48, 72][pick(0...6)]
        let (first, second, hour) = (pick(1...28), pick(1...31), pick(0...23))
        var rules: RotationRules
        switch isCron ? 3 : pick(0...2) {
        case 0: (self.frequency, rules) = (.days(days), RotationRules(frequency: .days(days)))
        case 1: (self.frequency, rules) = (.days(days), RotationRules(frequency: .expression("rate(\(days) days)")))
        case 2: (self.frequency, rules) = (.hours(hours), RotationRules(frequency: .expression("rate(\(hours) hours)")))
        default:
            self.frequency = .daysOfMonth([first, second], hour: hour)
            rules = RotationRules(frequency: .expression("cron(0 \(hour) \(first),\(second) * ? *)"))
        }
        if pick(0...1) == 0 { rules.windowHours = pick(1...24) }
        if pick(0...2) != 0 { rules.jitter = pick(0...2) == 0 ? .minutes(Int64(pick(1...50))) : .zero }
        if pick(0...3) == 0 { rules.maxAge = .hours(Int64(pick(24...4_000))) }
        let around = max(self.now, base)
        for _ in 0..<pick(0...2) {
            let from = around + minutes(-2_000...20_000)
            let span = minutes(10...(pick(0...5) == 0 ? 100_000 : 3_000))
            rules.freezes.append(RotationRules.Freeze(from: Self.wholeMinute(from), until: Self.wholeMinute(from + span), reason: "x"))
        }
        var neighbours: [Timestamp] = []
        if pick(0...1) == 0 {
            rules.stagger = RotationRules.Stagger(group: "g", minimumGap: minutes(0...300))
            let start = around.startOfDay
            for _ in 0..<pick(0...4) { neighbours.append(Self.wholeMinute(start + minutes(0...(days * 1_440 + 2_000)))) }
        }
        self.neighbours = neighbours
        self.rules = rules
    }

    private static func wholeMinute(_ time: Timestamp) -> Timestamp { Timestamp(seconds: time.seconds.floorDivided(by: 60) * 60) }

    var description: String {
        "\(self.rules) base \(self.base.rfc3339) now \(self.now.rfc3339) neighbours \(self.neighbours.map(\.rfc3339))"
    }

    /// Whether a window begins at an hour.
    private func isStart(_ hour: Int64) -> Bool {
        let date = Timestamp(seconds: hour * 3_600).civilDate
        switch self.frequency {
        case .days(let days):
            return hour % 24 == 0 && date.daysSinceEpoch - self.base.civilDate.daysSinceEpoch >= Int64(days)
        case .hours(let hours):
            let grid = Int64(24 % hours == 0 ? hours : hours % 24 == 0 ? 24 : 1)
            let last = self.base.seconds.floorDivided(by: 3_600 * grid) * grid
            return hour % grid == 0 && hour - last >= Int64(hours)
        case .daysOfMonth(let days, let start):
            return hour % 24 == Int64(start) && days.contains(date.day) && Timestamp(seconds: hour * 3_600) > self.base
        }
    }

    /// Whether from the day on that the rate names a window may begin with each hour: then a long freeze decides which hours they are.
    var startsAnyHour: Bool {
        guard case .hours(let hours) = self.frequency else { return false }
        return 24 % hours != 0 && hours % 24 != 0
    }

    private func end(ofWindowAt start: Timestamp) -> Timestamp {
        if let hours = self.rules.windowHours { return start + .hours(Int64(hours)) }
        if case .hours = self.frequency { return start + .hours(1) }
        return start.startOfDay + .days(1)
    }

    private func isForbidden(_ time: Timestamp) -> Bool {
        if self.rules.freezes.contains(where: { $0.from <= time && time < $0.until }) { return true }
        guard let gap = self.rules.stagger?.minimumGap else { return false }
        return self.neighbours.contains { max($0 - time, time - $0) < gap }
    }

    /// The windows from a time on, found hour by hour.
    private func windows(from time: Timestamp) -> some Sequence<RotationWindow> {
        sequence(state: time) { earliest -> RotationWindow? in
            var hour = -((-earliest.microseconds).floorDivided(by: 3_600_000_000))
            while !self.isStart(hour) { hour += 1 }
            let start = Timestamp(seconds: hour * 3_600)
            let window = RotationWindow(start: start, end: self.end(ofWindowAt: start))
            earliest = window.end
            return window
        }
    }

    /// The first minute of a window that nothing forbids.
    private func firstFree(in window: RotationWindow) -> Timestamp? {
        var time = window.start
        while time < window.end, self.isForbidden(time) { time = time + .minutes(1) }
        return time < window.end ? time : nil
    }

    /// What is wrong with a plan; `nil` if nothing is.
    func complaint(about plan: PlannedRotation?) -> String? {
        guard let plan else { return "no plan" }
        guard self.rules.jitter == .zero else {
            return self.bounds(of: plan, jitter: self.rules.jitter ?? (plan.window.end - plan.window.start) / 3)
        }
        for window in self.windows(from: self.now) {
            guard let dueAt = self.firstFree(in: window) else { continue }
            guard plan.window == window || self.startsAnyHour else {
                return "the window is \(window.start.rfc3339) to \(window.end.rfc3339)"
            }
            guard plan.dueAt == dueAt else { return "due at \(dueAt.rfc3339)" }
            return self.bounds(of: plan, jitter: .zero)
        }
        return nil
    }

    /// What holds of every plan, whatever the jitter drew.
    private func bounds(of plan: PlannedRotation, jitter: Duration) -> String? {
        guard self.isStart(plan.window.start.seconds / 3_600), plan.window.start >= self.now else { return "no window begins there" }
        guard plan.window.start <= plan.dueAt, plan.dueAt < plan.window.end else { return "due outside of the window" }
        guard !self.isForbidden(plan.dueAt) else { return "due in a freeze, or beside a neighbour" }
        guard plan.nextRotationDate == plan.window.end - .seconds(1) else { return "the date is not the window's last second" }
        if !self.isForbidden(plan.window.start), self.rules.freezes.isEmpty, self.neighbours.isEmpty {
            guard plan.dueAt - plan.window.start <= jitter else { return "later than the jitter allows" }
        }
        guard let maxAge = self.maxAge else { return nil }
        return plan.passesMaxAge == (plan.dueAt > self.base + maxAge) ? nil : "whether max age passes is told wrong"
    }

    private var maxAge: Duration? {
        if let maxAge = self.rules.maxAge { return maxAge }
        switch self.frequency {
        case .days(let days): return max(.days(2 * Int64(days)), .days(Int64(days) + 1))
        case .hours(let hours): return max(.hours(2 * Int64(hours)), .hours(Int64(hours) + 24))
        case .daysOfMonth: return nil
        }
    }
}
