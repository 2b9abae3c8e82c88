import Auditing
import Encryption
package import SecretModel
package import Storage

/// The operations on the KMS keys of accounts. Each change is one transaction of the store, its audit record included (I9); a refusal changes
/// nothing (I12).
///
/// Semantics: `aws-service.md` §2.3, and the table of key states in KMS's developer guide.
package struct KeyService: Sendable {
    let store: Store
    let use: KeyUse
    let stateHook: StateHook

    /// What else belongs into the transaction that changes the state of a key or deletes it, for the rooms above: this one knows no alerts
    /// (I9). It gets the record as it is after the change, or was before it was deleted.
    package typealias StateHook = @Sendable (AccountKeyRecord, _ now: Timestamp, StoreTransaction) throws -> Void

    package init(store: Store, use: KeyUse, stateHook: @escaping StateHook = { _, _, _ in }) {
        self.store = store
        self.use = use
        self.stateHook = stateHook
    }

    var keyring: Keyring { self.use.keyring }

    func read<Output: Sendable>(
        _ body: @escaping @Sendable (StoreReader) throws -> Output
    ) async throws(KeyServiceError) -> Output {
        do { return try await self.store.read(body) } catch { throw KeyServiceError(error) }
    }

    func write<Output: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Output
    ) async throws(KeyServiceError) -> Output {
        do { return try await self.store.write(body) } catch { throw KeyServiceError(error) }
    }

    /// `write` for a call, whose admission is asked first.
    ///
    /// - Throws: What the admission throws too.
    func write<Output: Sendable>(
        _ origin: RequestOrigin,
        _ body: @escaping @Sendable (StoreTransaction) throws -> Output
    ) async throws(KeyServiceError) -> Output {
        try await self.write { store in
            try origin.admission?(store)
            return try body(store)
        }
    }

    /// `read` for a call that uses what it finds, in the snapshot in which its admission is asked.
    ///
    /// - Throws: What the admission throws too.
    func read<Output: Sendable>(
        _ origin: RequestOrigin,
        _ body: @escaping @Sendable (StoreReader) throws -> Output
    ) async throws(KeyServiceError) -> Output {
        try await self.read { store in
            try origin.admission?(store)
            return try body(store)
        }
    }

    /// Finds a key, changes its record in `body` and saves it with the audit record.
    ///
    /// - Parameter allows: The states in which KMS allows the operation.
    /// - Returns: The key as saved.
    @discardableResult
    func change(
        _ reference: KeyReference,
        _ origin: RequestOrigin,
        event: String,
        details: [JSONValue.Member] = [],
        allows: Set<AccountKeyRecord.State> = [.enabled, .disabled],
        _ body: @escaping @Sendable (inout AccountKeyRecord, StoreTransaction) throws -> Void
    ) async throws(KeyServiceError) -> AccountKeyRecord {
        try await self.write(origin) { store in
            let before = try store.customerKey(reference, in: origin.scope, allows: allows)
            var key = before
            try body(&key, store)
            try store.update(key)
            if key.state != before.state { try self.stateHook(key, origin.now, store) }
            try self.audit(event, of: key.arn, details, origin, in: store)
            return key
        }
    }

    /// The record of a change that a call makes.
    ///
    /// - Parameter details: Parameters where the change is only a part of the call; the call's own are those that its caller sent.
    func audit(
        _ event: String,
        of arn: String,
        _ details: [JSONValue.Member],
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws {
        var random = self.use.random
        var happening = RequestOrigin.Happening(event, parameters: .object([.init("keyId", .string(arn))] + details), about: arn)
        happening.source = AuditSource.kms
        try AuditTrail(keyring: self.keyring).append(origin.events(happening, using: &random), in: store)
    }

    /// The record of what the daemon does by itself.
    func auditOwn(_ event: String, of key: AccountKeyRecord, at now: Timestamp, in store: StoreTransaction) throws {
        var random = self.use.random
        let event = AuditEvent.service(event, ofKey: key.arn, in: key.scope, at: now, using: &random)
        try AuditTrail(keyring: self.keyring).append(event, in: store)
    }
}

extension ReadableStore {
    /// The key that a caller of this account and region may change.
    ///
    /// - Throws: `aliasInsteadOfKey`, `managedByService`, `disabled`, `pendingDeletion`, and what `key` throws.
    func customerKey(
        _ reference: KeyReference,
        in scope: SecretScope,
        allows states: Set<AccountKeyRecord.State>
    ) throws(KeyServiceError) -> AccountKeyRecord {
        if case .alias(let name) = reference.target { throw .aliasInsteadOfKey(name) }
        let key = try self.key(reference, in: scope)
        guard key.manager == .customer else { throw .managedByService(arn: key.arn) }
        guard states.contains(key.state) else {
            throw key.state == .disabled ? .disabled(arn: key.arn) : .pendingDeletion(arn: key.arn)
        }
        return key
    }
}
