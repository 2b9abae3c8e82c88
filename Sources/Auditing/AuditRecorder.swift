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
        var generator = SystemRandomNumberGenerator()
        let events = happenings.map { (origin.event($0, using: &generator), $0.reference.flatMap { SecretReference($0) }) }
        try await self.store.write { store in
            let found = try events.map { event, reference in
                guard event.resource == nil, let reference else { return event }
                var event = event
                event.resource = try store.head(matching: reference, in: origin.scope)?.arn.description
                return event
            }
            try self.trail.append(found, in: store)
        }
    }

    /// Whether the call's record was written already, in the transaction of its change.
    package func isRecorded(_ origin: RequestOrigin) async throws -> Bool {
        try await self.store.read { try $0.hasAuditRecord(origin.call.id) }
    }
}
