package import Encryption
import KeyManagement
package import SecretModel
package import Storage

/// What rotation does to the versions of a secret, inside a transaction that the caller holds (I6, I9): synchronous, no awaiting.
///
/// Each move reads the secret's record and saves it, which counts its revision up: a caller that holds an older copy of the record must
/// read it again before saving anything else.
package struct VersionMoves: Sendable {
    private let keys: KeyUse
    private let keeper: ReplicaKeeper

    package init(keyring: Keyring) {
        self.keys = KeyUse(keyring: keyring)
        self.keeper = ReplicaKeeper(keys: self.keys)
    }

    /// Registers a version with the run's token, AWSPENDING and no value. A label AWSPENDING elsewhere moves.
    ///
    /// - Throws: `VersionMoveError.alreadyFilled` if a version of this id has a value; `StoreError`.
    package func registerPending(_ token: VersionID, of secret: SecretARN, at now: Timestamp, in store: StoreTransaction) throws {
        var record = try self.record(of: secret, in: store)
        if let version = try store.version(token, of: secret) {
            guard version.value == nil else { throw VersionMoveError.alreadyFilled(token) }
        } else {
            try store.insert(VersionRecord(secret: secret, id: token, value: nil, createdAt: now))
        }
        record.labels.attach(.pending, to: token)
        record.changedAt = now
        try self.keeper.save(record, in: store)
    }

    /// Puts the value into the registered pending version (I2), or replaces it by I3's rule.
    ///
    /// - Throws: `VersionMoveError.notPending` if the version is gone or lost AWSPENDING: a newer value came; `KeyUseError` if the secret's
    ///   KMS key cannot be used; `EncryptionError`, `StoreError`.
    package func fillPending(
        _ token: VersionID,
        of secret: SecretARN,
        with value: SecretValue,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        var record = try self.record(of: secret, in: store)
        guard record.labels.holder(of: .pending) == token, var version = try store.version(token, of: secret) else {
            throw VersionMoveError.notPending(token)
        }
        version.value = try self.keys.seal(
            value,
            for: .version(secret, token),
            with: record.kmsKeyID,
            in: secret.scope,
            at: now,
            store
        )
        try store.update(version)
        record.changedAt = now
        try self.keeper.save(record, refilled: token, in: store)
    }

    /// Moves AWSCURRENT to the version, AWSPREVIOUS to the one that had it, takes AWSPENDING off.
    ///
    /// Doing it twice is doing it once: when the version is AWSCURRENT already, only AWSPENDING goes.
    ///
    /// - Returns: The version that was AWSCURRENT before, or the AWSPREVIOUS one if the move was done before; the record as it is now;
    ///   and which old versions went, for the caller to tell of.
    /// - Throws: `VersionMoveError.notPending` if the version has no value; `StoreError`.
    package func promote(_ token: VersionID, of secret: SecretARN, at now: Timestamp, in store: StoreTransaction) throws -> (
        replaced: VersionID?, secret: SecretRecord, purged: [VersionID]
    ) {
        var record = try self.record(of: secret, in: store)
        guard try store.version(token, of: secret)?.value != nil else { throw VersionMoveError.notPending(token) }
        let holder = record.labels.holder(of: .current)
        record.labels.attach(.current, to: token)
        if record.labels.holder(of: .pending) == token { record.labels.remove(.pending) }
        record.changedAt = now
        record = try self.keeper.save(record, in: store)
        let purged = try store.purgeSurplusVersions(of: secret, at: now)
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
        var record = try self.record(of: secret, in: store)
        let isPending = record.labels.holder(of: .pending) == token
        if isPending {
            record.labels.remove(.pending)
            record.changedAt = now
        }
        let version = record.labels.labels(of: token).isEmpty ? try store.version(token, of: secret) : nil
        let isGone = version.map { isTemporary || $0.value == nil } ?? false
        if isGone { try store.deleteVersion(token, of: secret) }
        if isPending || isGone { try self.keeper.save(record, in: store) }
    }

    /// Whether `fillPending` could encrypt a value: to be asked before the target is touched.
    ///
    /// - Throws: `KeyUseError.cannotEncrypt`, `StoreError`.
    package func checkKey(of secret: SecretRecord, in store: some ReadableStore) throws {
        try self.keys.checkUsable(named: secret.kmsKeyID, in: secret.arn.scope, store)
    }

    /// The plain value of a version; `nil` if there is no such version or it has no value.
    ///
    /// - Throws: `KeyUseError` if the value's KMS key is gone or cannot be used; `EncryptionError`, `StoreError`.
    package func value(of version: VersionID, of secret: SecretARN, in store: some ReadableStore) throws -> SecretValue? {
        guard let sealed = try store.version(version, of: secret)?.value else { return nil }
        return try self.keys.open(sealed, for: .version(secret, version), store)
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
