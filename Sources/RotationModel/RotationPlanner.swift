package import SecretModel

/// When a secret rotates next: what the store keeps as a fact (I5).
package struct PlannedRotation: Hashable, Sendable {
    package let window: RotationWindow
    /// Inside the window: its start, jitter, and what freezes and neighbours of the stagger group add.
    package let dueAt: Timestamp
    /// The credential reaches its max age before `dueAt`, because the schedule, freezes or neighbours leave no earlier time. Tell a person.
    package let passesMaxAge: Bool

    /// AWS's `NextRotationDate`: the latest instant at which the rotation will happen.
    package var nextRotationDate: Timestamp { self.window.end - .seconds(1) }
}

/// Computes windows and due times from validated rules. Pure: the same arguments give the same plan on every node.
///
/// A plan is made when a run finishes, when rotation is turned on, when rules change, and when a window is over. It never lies in a window that
/// has begun already, so no edit of rules makes a secret due at once (I5): that is what RotateImmediately is for. A secret whose window passed
/// while the daemon was down keeps its stored due time, which is then in the past: it rotates when the daemon is back, unless a freeze holds.
package struct RotationPlanner: Sendable {
    package let rules: RotationRules
    private let schedule: RotationSchedule
    private let maxAge: Duration

    /// - Throws: `InvalidRules`: no plan is made from rules that do not hold.
    package init(rules: RotationRules) throws(InvalidRules) {
        try rules.validate()
        self.rules = rules
        self.schedule = try rules.parsedSchedule()
        self.maxAge = try rules.effectiveMaxAge()
    }

    /// The first window after the last rotation that begins at `earliest` or later, whatever freezes say.
    ///
    /// - Parameter base: The last success, else when AWSCURRENT was made, else when rotation was turned on.
    /// - Returns: `nil` only if the schedule names no day in the two years after.
    package func nextWindow(after base: Timestamp, notBefore earliest: Timestamp) -> RotationWindow? {
        guard let start = self.schedule.nextStart(after: base, notBefore: earliest) else { return nil }
        let length: Duration =
            if let hours = self.rules.windowHours {
                .hours(Int64(hours))
            } else if self.schedule.isHourGrained {
                .hours(1)
            } else {
                .days(1) - (start - start.startOfDay)
            }
        return RotationWindow(start: start, end: start + length)
    }

    /// - Parameters:
    ///   - base: As for `nextWindow(after:notBefore:)`; max age counts from here too.
    ///   - now: The present; nothing is planned before it.
    ///   - neighbours: The due times of the other members of the stagger group.
    /// - Returns: `nil` if freezes and neighbours leave no room in the next 2,000 windows.
    package func plan(base: Timestamp, now: Timestamp, secret: SecretARN, neighbours: [Timestamp] = []) -> PlannedRotation? {
        let deadline = base + self.maxAge
        var earliest = now
        for _ in 0..<2_000 {
            guard let window = self.nextWindow(after: base, notBefore: earliest) else { return nil }
            if let dueAt = self.dueTime(in: window, for: secret, neighbours) {
                return PlannedRotation(window: window, dueAt: dueAt, passesMaxAge: dueAt > deadline)
            }
            // Over a long freeze in one leap, to just before the windows that may reach past its end.
            let afterFreeze = self.rules.freeze(at: window.start).map { $0.until - .hours(100) }
            earliest = max(window.end, afterFreeze ?? window.end)
        }
        return nil
    }

    /// The next rotations, each as if the one before it happened when it was due.
    package func upcoming(
        _ count: Int,
        base: Timestamp,
        now: Timestamp,
        secret: SecretARN,
        neighbours: [Timestamp] = []
    ) -> [PlannedRotation] {
        var plans: [PlannedRotation] = []
        var (base, now) = (base, now)
        while plans.count < count, let plan = self.plan(base: base, now: now, secret: secret, neighbours: neighbours) {
            plans.append(plan)
            (base, now) = (plan.dueAt, plan.dueAt)
        }
        return plans
    }

    /// The first time at or after start and jitter that no freeze and no neighbour forbids; `nil` if that is past the window's end.
    private func dueTime(in window: RotationWindow, for secret: SecretARN, _ neighbours: [Timestamp]) -> Timestamp? {
        let delay = self.delay(in: window, for: secret)
        let gap = self.rules.stagger?.minimumGap ?? .zero
        var dueAt = window.start + delay
        while dueAt < window.end {
            if let freeze = self.rules.freeze(at: dueAt) {
                dueAt = self.resumption(after: freeze, in: window, of: secret)
            } else if let neighbour = neighbours.filter({ $0 > dueAt - gap && $0 < dueAt + gap }).max() {
                dueAt = neighbour + gap
            } else {
                return dueAt
            }
        }
        return nil
    }

    /// When a secret whose due time came in a freeze may rotate: after its end, with the jitter again, so that what waited does not begin
    /// all at once; inside the window, if that lasts longer than the freeze.
    package func resumption(after freeze: RotationRules.Freeze, in window: RotationWindow?, of secret: SecretARN) -> Timestamp {
        if let window, freeze.until < window.end {
            let withJitter = freeze.until + self.delay(in: window, for: secret)
            return withJitter < window.end ? withJitter : freeze.until
        }
        let length = window.map { $0.end - $0.start } ?? .days(1)
        return freeze.until + self.delay(in: RotationWindow(start: freeze.until, end: freeze.until + length), for: secret)
    }

    /// Whole seconds from 0 up to the greatest jitter, the same for the same secret and window.
    private func delay(in window: RotationWindow, for secret: SecretARN) -> Duration {
        let greatest = (self.rules.jitter ?? (window.end - window.start) / 3).components.seconds
        guard greatest > 0 else { return .zero }
        let number = DeterministicRandom.number(of: secret.description, String(window.start.seconds))
        return .seconds(Int64(number % UInt64(greatest + 1)))
    }
}

extension RotationRules {
    /// The freeze that holds at an instant, the one that lasts longest if there are several. A worker asks before it takes up what is due.
    package func freeze(at instant: Timestamp) -> Freeze? {
        self.freezes.filter { $0.from <= instant && instant < $0.until }.max { $0.until < $1.until }
    }
}
