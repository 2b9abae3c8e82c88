import Auditing
package import Encryption
import KeyManagement
package import Logging
package import SecretModel
package import Storage

/// The operations on secrets. Each change is one transaction of the store, its audit record included (I9); a refusal changes nothing (I12).
///
/// Semantics: `aws-api.md` §3 to §7.
package struct SecretService: Sendable {
    let store: Store
    let keys: KeyUse
    let trail: AuditTrail
    let keeper: ReplicaKeeper
    /// The regions that replicas may be in; `nil` for any.
    let hostedRegions: Set<RegionName>?
    let deletionHook: DeletionHook
    let keyHook: KeyHook
    let random: RandomSource
    let logger: Logger

    /// What else belongs into the transaction that schedules a deletion or deletes at once, for the rooms above: this one knows no alerts
    /// (I9). It gets the record as it is after the change.
    package typealias DeletionHook = @Sendable (SecretRecord, _ now: Timestamp, StoreTransaction) throws -> Void

    /// The same where values may have come under KMS keys that need them, or from under them: it gets the keys that values with labels of
    /// the secret are under, once the change is in the transaction. From under which keys values have gone it has to find itself.
    package typealias KeyHook = @Sendable (Set<KeyID>, _ now: Timestamp, StoreTransaction) throws -> Void

    package init(
        store: Store,
        keyring: Keyring,
        hostedRegions: Set<RegionName>? = nil,
        deletionHook: @escaping DeletionHook = { _, _, _ in },
        keyHook: @escaping KeyHook = { _, _, _ in },
        random: RandomSource = .system,
        logger: Logger = Logger(label: "keyturn.secrets")
    ) {
        self.store = store
        self.keys = KeyUse(keyring: keyring, random: random)
        self.trail = AuditTrail(keyring: keyring)
        self.keeper = ReplicaKeeper(keys: self.keys)
        self.hostedRegions = hostedRegions
        self.deletionHook = deletionHook
        self.keyHook = keyHook
        self.random = random
        self.logger = logger
    }

    func read<Output: Sendable>(
        _ body: @escaping @Sendable (StoreReader) throws -> Output
    ) async throws(SecretServiceError) -> Output {
        do { return try await self.store.read(body) } catch { throw SecretServiceError(error) }
    }

    /// `write` for a call, whose admission is asked first.
    func write<Output: Sendable>(
        _ origin: RequestOrigin,
        _ body: @escaping @Sendable (StoreTransaction) throws -> Output
    ) async throws(SecretServiceError) -> Output {
        try await self.write { store in
            try origin.admission?(store)
            return try body(store)
        }
    }

    /// Runs a transaction; again, a few times, if another node changed the same secret meanwhile.
    func write<Output: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Output
    ) async throws(SecretServiceError) -> Output {
        var attempts = 0
        while true {
            attempts += 1
            do {
                return try await self.store.write(body)
            } catch StoreError.revisionConflict where attempts < 5 {
                continue
            } catch {
                throw SecretServiceError(error)
            }
        }
    }

    /// `change` in a transaction of its own.
    func change<Output: Sendable>(
        _ reference: SecretReference,
        _ origin: RequestOrigin,
        event: String,
        parameters: JSONValue? = nil,
        allowsDeleted: Bool = false,
        allowsReplica: Bool = false,
        _ body: @escaping @Sendable (inout SecretRecord, StoreTransaction) throws -> Output
    ) async throws(SecretServiceError) -> (SecretRecord, Output) {
        try await self.write(origin) { store in
            try self.change(
                reference,
                origin,
                event: event,
                parameters: parameters,
                allowsDeleted: allowsDeleted,
                allowsReplica: allowsReplica,
                in: store,
                body
            )
        }
    }

    /// Finds a secret, changes its record in `body` and saves it with the audit record; if `body` leaves the record as it was, nothing is
    /// written at all.
    ///
    /// - Parameters:
    ///   - parameters: What the audit record says where this is a part of another call.
    ///   - response: What the audit record shows of the answer.
    /// - Returns: The record as saved, and what `body` returned.
    func change<Output>(
        _ reference: SecretReference,
        _ origin: RequestOrigin,
        event: String,
        parameters: JSONValue? = nil,
        response: ((SecretARN) -> JSONValue)? = nil,
        allowsDeleted: Bool = false,
        allowsReplica: Bool = false,
        in store: StoreTransaction,
        _ body: (inout SecretRecord, StoreTransaction) throws -> Output
    ) throws -> (SecretRecord, Output) {
        let before = try Self.find(reference, origin, in: store)
        guard allowsReplica || !before.replication.isReplica else { throw SecretServiceError.replicaIsReadOnly }
        guard allowsDeleted || before.deletedAt == nil else { throw SecretServiceError.markedForDeletion }
        var record = before
        let output = try body(&record, store)
        guard record != before else { return (before, output) }
        record.changedAt = Self.changeDate(after: before.changedAt, now: origin.now)
        let saved = try self.keeper.save(record, in: store)
        try self.noteKeys(of: saved, at: origin.now, in: store)
        try self.audit(event, of: saved.arn, parameters, response: response?(saved.arn), origin, in: store)
        return (saved, output)
    }

    /// Calls the key hook for a secret as it is now; its replicas have had their labels moved with it.
    private func noteKeys(of secret: SecretRecord, at now: Timestamp, in store: StoreTransaction) throws {
        var keys: Set<KeyID> = []
        if secret.deletedAt == nil {
            keys = try store.keys(of: secret.arn)
            for replica in secret.replication.replicas { keys.formUnion(try store.keys(of: secret.arn.inRegion(replica.region))) }
        }
        try self.keyHook(keys, now, store)
    }

    /// The secret that the reference names within the origin's account and region, one scheduled for deletion included.
    static func find(_ reference: SecretReference, _ origin: RequestOrigin, in store: some ReadableStore) throws -> SecretRecord {
        guard let found = Self.visible(try store.secret(matching: reference, in: origin.scope), in: origin.scope, at: origin.now) else {
            throw SecretServiceError.noSuchSecret
        }
        return found
    }

    /// - Returns: `nil` if there is none, or not for this caller, or no more.
    static func visible<Found: Perishable>(_ found: Found?, in scope: SecretScope, at now: Timestamp) -> Found? {
        guard let found, found.arn.scope == scope, !found.isGone(at: now) else { return nil }
        return found
    }

    /// LastChangedDate strictly increases: clients compare two of them with millisecond resolution to see a change.
    static func changeDate(after last: Timestamp, now: Timestamp) -> Timestamp {
        max(now, last + .milliseconds(1))
    }
}

/// What may be scheduled for deletion.
protocol Perishable {
    var arn: SecretARN { get }
    /// The end of the recovery window.
    var purgeAt: Timestamp? { get }
}

extension SecretRecord: Perishable {}
extension SecretHead: Perishable {}

extension Perishable {
    /// Whether the recovery window is over: nobody finds the secret any more, and its name is free, before it is purged too.
    func isGone(at now: Timestamp) -> Bool {
        self.purgeAt.map { $0 <= now } ?? false
    }
}
