package import Encryption
import SecretModel
package import Storage

/// The one place that writes audit records: it binds each to the one before it and seals the head of the chain.
///
/// Somebody who can write the store's file but has no key of the store can neither change, take out or reorder a record, nor cut off the
/// end, without `AuditVerifier` naming it. Not found is a file that was put back as a whole as it was at an earlier time, unless a later
/// head was noted elsewhere; and who holds the root key can write any chain.
package struct AuditTrail: Sendable {
    let keyring: Keyring

    package init(keyring: Keyring) {
        self.keyring = keyring
    }

    /// Adds an event in the transaction of the change that it tells of (I9).
    package func append(_ event: AuditEvent, in store: StoreTransaction) throws {
        try self.append([event], in: store)
    }

    /// Adds events in this order.
    package func append(_ events: [AuditEvent], in store: StoreTransaction) throws {
        guard let first = events.first else { return }
        var state = try self.state(at: first.at, in: store)
        let records = events.map { state.append($0) }
        try store.append(records, try state.sealed(by: self.keyring))
    }

    /// The chain as it is. Where the head is gone, or does not carry the seal, somebody else changed it: sealing what it says would hide
    /// that for good. So another chain begins behind what is there, and says why from then on.
    private func state(at now: Timestamp, in store: StoreTransaction) throws -> AuditChainState {
        let head = try store.auditHead()
        if let head, AuditChainState.isSealed(head, by: self.keyring) { return AuditChainState(head) }
        let last = max(try store.lastAuditSequence(), head?.last ?? 0)
        let cause: String? =
            if head != nil { "did not carry the store's seal" } else if try store.hasAuditChain() { "was missing" } else { nil }
        return AuditChainState(
            beginningAfter: last,
            at: now,
            damage: cause.map { "the chain's head \($0) when record \(last + 1) was written, at \(now.rfc3339)" }
        )
    }
}
