import Encryption
import KeyManagement
import SecretModel
import Storage

extension SecretService {
    /// What a secret keeps of a `KmsKeyId`: the text as it was given, or nothing if it names the default key (`aws-service.md` §2.2).
    ///
    /// - Parameter text: Empty for the default key.
    /// - Throws: `KeyUseError.cannotEncrypt` if there is no such key, or it may not be used; `StoreError`.
    func kmsKeyID(_ text: String, of secret: SecretARN, at now: Timestamp, in store: StoreTransaction) throws -> String? {
        guard !text.isEmpty else { return nil }
        let key = try self.keys.key(named: text, in: secret.scope, at: now, store)
        guard key.manager == .customer else { return nil }
        try self.keys.checkUsable(named: text, in: secret.scope, store)
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

    /// Brings the versions with AWSCURRENT, AWSPENDING and AWSPREVIOUS under the key that the secret names now; all others stay under
    /// theirs (`aws-service.md` §2.2).
    ///
    /// - Parameter hasNewValue: Whether the secret has just got a value under the new key: then an old one whose key is lost stays as it is,
    ///   since this is the way out of a lost key.
    /// - Returns: Whether any was not.
    /// - Throws: `KeyUseError`; then the caller's transaction must not be committed.
    func reEncrypt(_ secret: SecretRecord, hasNewValue: Bool, at now: Timestamp, in store: StoreTransaction) throws -> Bool {
        var isChanged = false
        let key = try self.keys.key(named: secret.kmsKeyID, in: secret.arn.scope, at: now, store)
        for id in Set([StagingLabel.current, .pending, .previous].compactMap({ secret.labels.holder(of: $0) })) {
            guard var version = try store.version(id, of: secret.arn), let sealed = version.value, sealed.keyID != key.id else { continue }
            let binding = Binding.version(secret.arn, id)
            let plain: SecretValue
            do { plain = try self.keys.open(sealed, for: binding, store) } catch KeyUseError.cannotDecrypt where hasNewValue { continue }
            version.value = try self.keys.seal(plain, for: binding, with: key, store)
            try store.update(version)
            isChanged = true
        }
        return isChanged
    }
}
