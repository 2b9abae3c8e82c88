package import SecretModel
import Storage

/// Ends for good the deleted secrets whose recovery window is over: the daemon's own work.
///
/// A recovery window is counted by the wall clock, and what goes here does not come back (`LastingDeadlines`).
package struct DeletionSweep: Sendable {
    private let secrets: SecretService
    private var deadlines = LastingDeadlines<SecretARN>()

    package init(secrets: SecretService) {
        self.secrets = secrets
    }

    /// One look; to be repeated at least every hour.
    ///
    /// - Returns: Which secrets are gone.
    package mutating func look(at now: Timestamp, instant: ContinuousClock.Instant) async throws(SecretServiceError) -> [SecretARN] {
        let over = try await self.secrets.read { try $0.purgeableSecrets(at: now) }
        let gone = self.deadlines.note(over, at: instant)
        return gone.isEmpty ? [] : try await self.secrets.purge(gone, at: now)
    }
}
