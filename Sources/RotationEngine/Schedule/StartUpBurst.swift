import SecretModel

/// How many due secrets may start now (`lessons.md` B4): after a start the daemon does not rotate at once everything that became due while
/// it was away.
struct StartUpBurst: Sendable {
    private let limit: Int
    private let end: ContinuousClock.Instant
    private var minuteBegan: ContinuousClock.Instant
    private var started = 0

    init(limit: Int, period: Duration, at start: ContinuousClock.Instant) {
        self.limit = limit
        self.end = start + period
        self.minuteBegan = start
    }

    /// - Returns: At most `wanted`.
    mutating func allowance(at instant: ContinuousClock.Instant, wanted: Int) -> Int {
        guard instant < self.end else { return wanted }
        if instant >= self.minuteBegan + .minutes(1) {
            self.minuteBegan = instant
            self.started = 0
        }
        return min(wanted, max(0, self.limit - self.started))
    }

    mutating func note(started count: Int) { self.started += count }
}
