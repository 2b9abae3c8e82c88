package import SecretModel
package import Storage

/// Ends what is older than the trail is kept for: the daemon's own work.
///
/// Age is counted by the wall clock, and what goes does not come back. So the clock must have said for a day on end that it is time: one that
/// is ahead for some hours ends nothing. Nothing is remembered over a restart; then the day begins anew.
package struct AuditRetention: Sendable {
    /// As far as CloudTrail's event history goes back.
    package static let standard: Duration = .days(90)
    /// How long records must have been too old, by the monotonic clock.
    static let patience: Duration = .hours(24)
    /// So few that no other write waits for long.
    private static let recordsPerTransaction = 1_000

    private let store: Store
    private let trail: AuditTrail
    private let limit: Duration
    /// Everything before this date has been too old since then.
    private var waiting: (date: Timestamp, since: ContinuousClock.Instant)?

    package init(store: Store, trail: AuditTrail, keeping limit: Duration) {
        self.store = store
        self.trail = trail
        self.limit = limit
    }

    /// One look; to be repeated at least every hour.
    ///
    /// - Returns: How many records went.
    /// - Throws: `AuditFinding`, where the oldest records are not as they were written; `StoreError`.
    package mutating func look(at now: Timestamp, instant: ContinuousClock.Instant) async throws -> Int {
        let date = now - self.limit
        guard let waiting = self.waiting, waiting.date <= date else {
            // The first look, or the clock was set back.
            self.waiting = (date, instant)
            return 0
        }
        guard instant - waiting.since >= Self.patience else { return 0 }
        self.waiting = (date, instant)
        return try await self.prune(before: waiting.date)
    }

    private func prune(before date: Timestamp) async throws -> Int {
        var total = 0
        while !Task.isCancelled {
            let count = try await self.store.write { [trail] store in
                try trail.prune(before: date, limit: Self.recordsPerTransaction, in: store)
            }
            total += count
            if count < Self.recordsPerTransaction { break }
        }
        return total
    }
}
