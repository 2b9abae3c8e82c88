package import Encryption
package import SecretModel
import Storage

/// Ends for good the keys whose window of deletion is over, with all that is encrypted under them: the daemon's own work.
///
/// What goes here does not come back, so a clock that is ahead for some hours must delete nothing (`LastingDeadlines`).
package struct KeyDeletionSweep: Sendable {
    private let keys: KeyService
    private var deadlines = LastingDeadlines<KeyID>()

    package init(keys: KeyService) {
        self.keys = keys
    }

    /// One look; to be repeated at least every hour.
    ///
    /// - Returns: Which keys are gone.
    package mutating func look(at now: Timestamp, instant: ContinuousClock.Instant) async throws(KeyServiceError) -> [KeyID] {
        let over = try await self.keys.read { try $0.accountKeysToDelete(at: now).map(\.id) }
        let gone = self.deadlines.note(over, at: instant)
        return gone.isEmpty ? [] : try await self.keys.delete(gone, at: now)
    }
}

extension KeyService {
    /// Deletes those of the chosen keys, of all accounts and regions, whose window is still over.
    fileprivate func delete(_ chosen: Set<KeyID>, at now: Timestamp) async throws(KeyServiceError) -> [KeyID] {
        try await self.write { store in
            let gone = try store.accountKeysToDelete(at: now).filter { chosen.contains($0.id) }
            for key in gone {
                try store.deleteAccountKey(key.id)
                try self.stateHook(key, now, store)
                try self.auditOwn("DeleteKey", of: key, at: now, in: store)
            }
            return gone.map(\.id)
        }
    }
}
