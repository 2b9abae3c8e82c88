import Encryption
import KeyManagement
package import SecretModel
package import Storage

extension SecretService {
    /// What a secret keeps of a `KmsKeyId`: the text as it was given, or nothing if it names the default key (`aws-service.md` §2.2).
    ///
    /// - Parameter text: Empty for the default key.
    /// - Throws: `KeyUseError.cannotEncrypt` if there is no such key, or it may not be used; `StoreError`.
    func kmsKeyID(_ text: String, of secret: SecretARN, at now: Timestamp, in store: StoreTransaction) throws -> String? {
        guard !text.isEmpty else { return nil }
        let key = try self.keys.key(named: text, in: secret.scope, at: now, store)
        guard key.manager == .customer else { return nil }
        // What rotation may have to open without a caller must be open to the account: else every candidate could become unreadable (I1).
        let isRotated = try store.secret(secret).map { $0.rotation != nil } ?? false
        let isOpenToAll = try !isRotated && store.unsettledRuns(of: secret).isEmpty
        try self.keys.checkUsable(named: text, in: secret.scope, leave: isOpenToAll ? .asked : .account(of: secret), store)
        return text
    }

    /// Seals a value with the key that the secret names now: an alias may have moved since the last value.
    func seal(
        _ value: SecretValue,
        _ version: VersionID,
        of secret: SecretRecord,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> SealedValue {
        let binding = Binding.version(secret.arn, version)
        return try self.keys.seal(value, for: binding, with: secret.kmsKeyID, in: secret.arn.scope, at: now, store)
    }

    /// Brings the versions with AWSCURRENT, AWSPENDING and AWSPREVIOUS under the key that the secret names now, and those without a label
    /// that may be the live credential (I1); all others stay under theirs (`aws-service.md` §2.2).
    ///
    /// A version that is only a run's candidate stays as it is if it cannot be opened.
    ///
    /// - Parameter hasNewValue: Whether the secret has just got a value under the new key: then an old one whose key is lost stays as it is,
    ///   since this is the way out of a lost key.
    /// - Returns: Whether any was not.
    /// - Throws: `KeyUseError`; then the caller's transaction must not be committed.
    func reEncrypt(_ secret: SecretRecord, hasNewValue: Bool, at now: Timestamp, in store: StoreTransaction) throws -> Bool {
        var isChanged = false
        let key = try self.keys.key(named: secret.kmsKeyID, in: secret.arn.scope, at: now, store)
        let labelled = secret.labels.movedWithKey
        for id in labelled.union(try store.versionsOfUnsettledRuns(of: secret.arn)) {
            guard var version = try store.version(id, of: secret.arn), let sealed = version.value, sealed.keyID != key.id else { continue }
            let binding = Binding.version(secret.arn, id)
            let plain: SecretValue
            do {
                plain = try self.keys.open(sealed, for: binding, store)
            } catch KeyUseError.cannotDecrypt where hasNewValue || !labelled.contains(id) {
                continue
            } catch is EncryptionError where !labelled.contains(id) {
                continue
            }
            version.value = try self.keys.seal(plain, for: binding, with: key, store)
            try store.update(version)
            isChanged = true
        }
        return isChanged
    }
}

extension ReadableStore {
    /// The versions that a change of the secret's key opens, to bring them under the new one.
    package func versionsMovedWithKey(of secret: SecretHead) throws -> Set<VersionID> {
        secret.labels.movedWithKey.union(try self.versionsOfUnsettledRuns(of: secret.arn))
    }
}

extension VersionLabels {
    /// The versions with a label that go under another key with their secret.
    fileprivate var movedWithKey: Set<VersionID> {
        Set([StagingLabel.current, .pending, .previous].compactMap { self.holder(of: $0) })
    }
}
