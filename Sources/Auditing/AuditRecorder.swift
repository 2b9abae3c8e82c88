import SecretModel
package import Storage

/// Records calls that have no change of their own whose transaction could carry the record: reads, refusals, and changes that found
/// nothing to change. One sync of the disk carries the records of all calls that wait for it (`Storage/SQLite/WriteGroup`).
package struct AuditRecorder: Sendable {
    private let store: Store
    private let trail: AuditTrail

    package init(store: Store, trail: AuditTrail) {
        self.store = store
        self.trail = trail
    }

    /// Returns once the record is on disk. Must be awaited before the call is answered: what cannot be recorded does not happen.
    ///
    /// - Parameter happenings: The call itself, and its parts.
    package func record(_ happenings: [RequestOrigin.Happening], of origin: RequestOrigin) async throws {
        try await self.store.write { store in
            var generator = SystemRandomNumberGenerator()
            let events = try happenings.flatMap { happening in
                var happening = happening
                if happening.resource == nil, let reference = happening.reference.flatMap({ SecretReference($0) }) {
                    let found = try store.head(matching: reference, in: origin.scope)?.arn
                    // A refusal tells nothing of another account, not even which suffix its secret has.
                    let isTold = happening.failure == nil || found?.scope.account == origin.scope.account
                    happening.resource = isTold ? found?.description : nil
                }
                // A refusal in another account is the caller's own affair: nobody fills a stranger's trail.
                let owner = happening.failure == nil ? happening.resource.flatMap { AccountID.named(inARN: $0) } : nil
                return origin.within(owner ?? origin.scope.account).events(happening, using: &generator)
            }
            try self.trail.append(events, in: store)
        }
    }

    /// Whether the call's record was written already, in the transaction of its change.
    package func isRecorded(_ origin: RequestOrigin) async throws -> Bool {
        try await self.store.read { try $0.hasAuditRecord(origin.call.id) }
    }
}
