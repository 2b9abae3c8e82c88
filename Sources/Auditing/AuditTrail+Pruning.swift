package import SecretModel
package import Storage

extension AuditTrail {
    /// Deletes the oldest records as far as all of them are older than a date. The sealed head then says where the chain goes on, and with
    /// which hash before it: what is left can be verified as before.
    ///
    /// What does not verify is not deleted: it is the evidence.
    ///
    /// - Parameter limit: The most records in one transaction.
    /// - Returns: How many went.
    /// - Throws: `AuditFinding`, if the records that would go are not as they were written; `StoreError`.
    package func prune(before date: Timestamp, limit: Int, in store: StoreTransaction) throws -> Int {
        guard let head = try store.auditHead() else { return 0 }
        guard AuditChainState.isSealed(head, by: self.keyring) else { throw AuditFinding.headChanged }
        let records = try store.auditRecords(after: head.first - 1, limit: limit).prefix { $0.event.at < date }
        var link = AuditLink(sequence: head.first - 1, hash: head.anchor)
        for record in records {
            if let finding = link.follow(record) { throw finding }
        }
        guard !records.isEmpty else { return 0 }
        var state = AuditChainState(head)
        (state.first, state.anchor) = (link.sequence + 1, link.hash)
        try store.prune(to: try state.sealed(by: self.keyring))
        return records.count
    }
}
