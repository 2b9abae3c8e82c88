package import SecretModel
import Storage

/// Ends for good the deleted secrets whose recovery window is over: the daemon's own work.
///
/// A recovery window is counted by the wall clock, and what goes here does not come back. So the clock must have said for a day on end that the
/// window is over: one that is ahead for some hours deletes nothing. AWS promises no more than that a secret goes at some time after its window.
/// Nothing is remembered over a restart; then the day begins anew.
package struct DeletionSweep: Sendable {
    /// How long a window must have been over, by the monotonic clock.
    static let patience: Duration = .hours(24)

    private let secrets: SecretService
    /// When each secret was first found to be over, in looks that have all found it so since.
    private var since: [SecretARN: ContinuousClock.Instant] = [:]

    package init(secrets: SecretService) {
        self.secrets = secrets
    }

    /// One look; to be repeated at least every hour.
    ///
    /// - Returns: Which secrets are gone.
    package mutating func look(at now: Timestamp, instant: ContinuousClock.Instant) async throws(SecretServiceError) -> [SecretARN] {
        let over = try await self.secrets.read { try $0.purgeableSecrets(at: now) }
        let known = self.since
        self.since = Dictionary(uniqueKeysWithValues: over.map { ($0, known[$0] ?? instant) })
        let gone = Set(self.since.filter { instant - $0.value >= Self.patience }.keys)
        return gone.isEmpty ? [] : try await self.secrets.purge(gone, at: now)
    }
}
