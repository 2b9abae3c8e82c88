/// Deadlines that count as over only if the wall clock has said so for a day on end: what happens then does not come back, so a clock that is
/// ahead for some hours must do nothing. AWS promises no more than that a thing goes at some time after its window.
///
/// Nothing is remembered over a restart; then the day begins anew.
package struct LastingDeadlines<ID: Hashable & Sendable>: Sendable {
    /// How long a deadline must have been over, by the monotonic clock.
    package static var patience: Duration { .hours(24) }

    /// When each was first found to be over, in looks that have all found it so since.
    private var since: [ID: ContinuousClock.Instant] = [:]

    package init() {}

    /// One look; to be repeated at least every hour.
    ///
    /// - Parameter over: All whose deadline is over by the wall clock now.
    /// - Returns: Those for which that has lasted.
    package mutating func note(_ over: [ID], at instant: ContinuousClock.Instant) -> Set<ID> {
        let known = self.since
        self.since = Dictionary(over.map { ($0, known[$0] ?? instant) }) { first, _ in first }
        return Set(self.since.filter { instant - $0.value >= Self.patience }.keys)
    }
}
