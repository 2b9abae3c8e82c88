package import Encryption
import KeyManagement
package import SecretModel
package import Storage

/// What rotation does to the versions of a secret, inside a transaction that the caller holds (I6, I9): synchronous, no awaiting.
///
/// Each move counts the revision of the secret up: a caller that holds an older copy of the record must read it again before saving
/// anything else.
package struct VersionMoves: Sendable {
    private let keys: KeyUse
    private let keeper: ReplicaKeeper
    private let keyHook: SecretService.KeyHook

    /// - Parameters:
    ///   - now: The wall clock, for key policies that ask for the time: rotation has no caller whose request would tell it.
    ///   - keyHook: Called where a pending version goes from under its KMS key. What else a run takes from under a key is only known once
    ///     the run is saved: that is for whoever saves it.
    package init(
        keyring: Keyring,
        now: (@Sendable () -> Timestamp)? = nil,
        keyHook: @escaping SecretService.KeyHook = { _, _, _ in }
    ) {
        self.keys = KeyUse(keyring: keyring, now: now)
        self.keeper = ReplicaKeeper(keys: self.keys)
        self.keyHook = keyHook
    }

    /// Registers a version with the run's token, AWSPENDING and no value. A label AWSPENDING elsewhere moves.
    ///
    /// - Parameter secret: The record as it is in the store.
    /// - Throws: `VersionMoveError.alreadyFilled` if a version of this id has a value; `StoreError`.
    package func registerPending(_ token: VersionID, of secret: SecretRecord, at now: Timestamp, in store: StoreTransaction) throws {
        if let version = try store.version(token, of: secret.arn) {
            guard version.value == nil else { throw VersionMoveError.alreadyFilled(token) }
        } else {
            try store.insert(VersionRecord(secret: secret.arn, id: token, value: nil, createdAt: now))
        }
        var record = secret
        record.labels.attach(.pending, to: token)
        record.changedAt = now
        try self.keeper.save(record, from: secret, in: store)
    }

    /// Puts the value into the registered pending version (I2), or replaces it by I3's rule.
    ///
    /// - Parameters:
    ///   - secret: Its head as it is in the store.
    ///   - isNew: Whether a value that is there already stays: somebody has put it there meanwhile, and it may be in use.
    /// - Throws: `VersionMoveError.alreadyFilled`; `.notPending` if the version is gone or lost AWSPENDING: a newer value came; `KeyUseError` if the secret's
    ///   KMS key cannot be used; `EncryptionError`, `StoreError`.
    package func fillPending(
        _ token: VersionID,
        of secret: SecretHead,
        with value: SecretValue,
        ifEmpty isNew: Bool,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        guard secret.labels.holder(of: .pending) == token else { throw VersionMoveError.notPending(token) }
        if isNew, try store.version(token, of: secret.arn)?.value != nil { throw VersionMoveError.alreadyFilled(token) }
        let sealed = try self.keys.seal(
            value,
            for: .version(secret.arn, token),
            with: secret.kmsKeyID,
            in: secret.arn.scope,
            at: now,
            leave: .account(of: secret.arn),
            store
        )
        guard try store.fill(token, of: secret.arn, with: sealed) else { throw VersionMoveError.notPending(token) }
        guard secret.hasReplicas else { return try store.noteChange(of: secret.arn, at: now) }
        let known = try self.record(of: secret.arn, in: store)
        var record = known
        record.changedAt = now
        try self.keeper.save(record, from: known, refilled: token, in: store)
    }

    /// Moves AWSCURRENT to the version, AWSPREVIOUS to the one that had it, takes AWSPENDING off.
    ///
    /// Doing it twice is doing it once: when the version is AWSCURRENT already, only AWSPENDING goes.
    ///
    /// - Parameters:
    ///   - secret: The record as it is in the store.
    ///   - change: What else of the record is saved with the labels.
    /// - Returns: The version that was AWSCURRENT before, or the AWSPREVIOUS one if the move was done before; the record as it is now;
    ///   and which old versions went, for the caller to tell of.
    /// - Throws: `VersionMoveError.notPending` if the version has no value; `StoreError`; what `change` throws.
    package func promote(
        _ token: VersionID,
        of secret: SecretRecord,
        at now: Timestamp,
        in store: StoreTransaction,
        changing change: (inout SecretRecord) throws -> Void = { _ in }
    ) throws -> (replaced: VersionID?, secret: SecretRecord, purged: [VersionID]) {
        guard try store.version(token, of: secret.arn)?.value != nil else { throw VersionMoveError.notPending(token) }
        let holder = secret.labels.holder(of: .current)
        var record = secret
        record.labels.attach(.current, to: token)
        if record.labels.holder(of: .pending) == token { record.labels.remove(.pending) }
        record.changedAt = now
        try change(&record)
        record = try self.keeper.save(record, from: secret, in: store)
        let purged = try store.purgeSurplusVersions(of: secret.arn, at: now)
        try self.keeper.drop(purged, of: record, in: store)
        return (holder == token ? record.labels.holder(of: .previous) : holder, record, purged)
    }

    /// Takes AWSPENDING off the version; deletes the version if it is empty or `isTemporary`. A filled one is kept as a candidate, and
    /// so is one that somebody has put another label on.
    package func dropPending(
        _ token: VersionID,
        of secret: SecretARN,
        isTemporary: Bool,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        let known = try self.record(of: secret, in: store)
        var record = known
        let isPending = record.labels.holder(of: .pending) == token
        if isPending {
            record.labels.remove(.pending)
            record.changedAt = now
        }
        let version = record.labels.labels(of: token).isEmpty ? try store.version(token, of: secret) : nil
        let isGone = version.map { isTemporary || $0.value == nil } ?? false
        if isGone { try store.deleteVersion(token, of: secret) }
        guard isPending || isGone else { return }
        try self.keeper.save(record, from: known, in: store)
        try self.keyHook([], now, store)
    }

    /// Whether `fillPending` could encrypt a value: to be asked before the target is touched.
    ///
    /// - Throws: `KeyUseError.cannotEncrypt`, `StoreError`.
    package func checkKey(of secret: SecretHead, in store: some ReadableStore) throws {
        try self.keys.checkUsable(named: secret.kmsKeyID, in: secret.arn.scope, leave: .account(of: secret.arn), store)
    }

    /// The plain value of a version; `nil` if there is no such version or it has no value.
    ///
    /// - Throws: `KeyUseError` if the value's KMS key is gone, cannot be used, or is another account's and not for this one;
    ///   `EncryptionError`, `StoreError`.
    package func value(of version: VersionID, of secret: SecretARN, in store: some ReadableStore) throws -> SecretValue? {
        guard let sealed = try store.version(version, of: secret)?.value else { return nil }
        return try self.keys.open(sealed, for: .version(secret, version), leave: .account(of: secret), store)
    }

    /// The plain value that a label stands on.
    package func value(at label: StagingLabel, of secret: SecretARN, in store: some ReadableStore) throws -> SecretValue? {
        guard let version = try store.head(matching: .arn(secret), in: secret.scope)?.labels.holder(of: label) else { return nil }
        return try self.value(of: version, of: secret, in: store)
    }

    private func record(of secret: SecretARN, in store: StoreTransaction) throws -> SecretRecord {
        guard let record = try store.secret(secret) else { throw StoreError.noSuchSecret(secret) }
        return record
    }
}

/// Why a version may not make the move that a run asks for.
package enum VersionMoveError: Error, Hashable, Sendable {
    /// A version of this id has a value: it belongs to somebody else's write.
    case alreadyFilled(VersionID)
    /// The version is gone, has no value to promote, or lost AWSPENDING to a newer value.
    case notPending(VersionID)
}
