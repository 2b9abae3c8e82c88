package import Encryption
import NIOConcurrencyHelpers
package import SecretModel
package import Storage

/// What the values of secrets need of KMS keys, inside a transaction or snapshot that the caller holds: synchronous, no awaiting (I6).
///
/// Which key a text names, and whether it may be used, is read from the store each time: another node may have changed it.
package struct KeyUse: Sendable {
    let keyring: Keyring
    let random: RandomSource
    /// Keys that nobody can disable or delete: known once, known for ever.
    private let permanent = NIOLockedValueBox<Set<KeyID>>([])
    /// The wall clock, for policies that ask for the time of a use that nobody calls for; `nil` where all uses are of callers.
    private let now: (@Sendable () -> Timestamp)?

    package init(keyring: Keyring, random: RandomSource = .system, now: (@Sendable () -> Timestamp)? = nil) {
        self.keyring = keyring
        self.random = random
        self.now = now
    }

    /// The key that a secret's `KmsKeyId` names, in whatever state: one of the secret's own account and region or, named by an ARN, one of
    /// another account in that region.
    ///
    /// - Parameter text: `nil` for the default key of the account and region, which is made when it is used first.
    /// - Throws: `KeyUseError.cannotEncrypt`; `StoreError`.
    package func key(
        named text: String?,
        in scope: SecretScope,
        at now: Timestamp,
        _ store: StoreTransaction
    ) throws -> AccountKeyRecord {
        try Self.withCause(KeyUseError.cannotEncrypt) {
            guard let text, !(try KeyReference(text).isDefault(in: scope)) else { return try self.defaultKey(in: scope, at: now, store) }
            return try Self.key(of: text, in: scope, store)
        }
    }

    private static func key(of text: String, in scope: SecretScope, _ store: some ReadableStore) throws -> AccountKeyRecord {
        let reference = try KeyReference(text)
        let key = try store.usableKey(reference, in: scope)
        // The default key of another account is for that account alone.
        guard key.scope == scope || key.manager == .customer else { throw KeyServiceError.noSuchKey(arn: reference.arn(in: scope)) }
        return key
    }

    /// Seals a value with the newest generation of the key that `KmsKeyId` names.
    ///
    /// - Throws: `KeyUseError.cannotEncrypt` if there is no such key, or it is disabled or to be deleted; `StoreError`.
    package func seal(
        _ value: SecretValue,
        for binding: Binding,
        with text: String?,
        in scope: SecretScope,
        at now: Timestamp,
        leave: KeyLeave = .asked,
        _ store: StoreTransaction
    ) throws -> SealedValue {
        let key = try self.key(named: text, in: scope, at: now, store)
        return try self.seal(value, for: binding, with: key, leave: leave, store)
    }

    package func seal(
        _ value: SecretValue,
        for binding: Binding,
        with key: AccountKeyRecord,
        leave: KeyLeave = .asked,
        _ store: StoreTransaction
    ) throws -> SealedValue {
        try Self.withCause(KeyUseError.cannotEncrypt) {
            try self.checkKeeping(key, leave)
            return try self.keyring.seal(value, for: binding, under: key.id, generation: key.generation) {
                try store.material(key.generation, of: key.id)
            }
        }
    }

    /// Checks what `seal` and `open` would find wrong, so that a rotation learns it before it touches a target: a value that can be sealed
    /// but not opened again would be lost with the process.
    ///
    /// - Throws: `KeyUseError.cannotEncrypt`; `StoreError`.
    package func checkUsable(
        named text: String?,
        in scope: SecretScope,
        leave: KeyLeave = .asked,
        _ store: some ReadableStore
    ) throws {
        try Self.withCause(KeyUseError.cannotEncrypt) {
            guard let text, !(try KeyReference(text).isDefault(in: scope)) else { return }
            let key = try Self.key(of: text, in: scope, store)
            try self.checkKeeping(key, leave)
        }
    }

    /// Whether what is sealed under a key can be opened again too.
    private func checkKeeping(_ key: AccountKeyRecord, _ leave: KeyLeave) throws(KeyServiceError) {
        try key.checkUsable()
        for action in ["kms:GenerateDataKey", "kms:Decrypt"] { try leave.check(action, on: key, at: self.now?()) }
    }

    /// - Throws: `KeyUseError.cannotDecrypt` if the value's key is gone, disabled or to be deleted, or the value was altered; `StoreError`.
    package func open(
        _ sealed: SealedValue,
        for binding: Binding,
        leave: KeyLeave = .asked,
        _ store: some ReadableStore
    ) throws -> SecretValue {
        try Self.withCause(KeyUseError.cannotDecrypt) {
            guard let generation = try sealed.generation() else { return try self.keyring.open(sealed, for: binding) }
            try self.checkUsable(sealed.keyID, leave, store)
            return try self.keyring.open(sealed, for: binding, generation: generation) {
                try store.material(generation, of: sealed.keyID)
            }
        }
    }

    /// The ARN of the customer's key that a value is under; `nil` if it is under the default key. The key may be gone.
    package func customerKey(of sealed: SealedValue, in scope: SecretScope, _ store: some ReadableStore) throws -> String? {
        guard try sealed.generation() != nil, !self.permanent.withLockedValue({ $0.contains(sealed.keyID) }) else { return nil }
        guard let key = try store.accountKey(sealed.keyID) else { return AccountKeyRecord.arn(of: sealed.keyID, in: scope) }
        return key.manager == .aws ? nil : key.arn
    }

    /// What the store and the cryptography say stays what it is: it says nothing of a key's state.
    private static func withCause<Output>(_ kind: (KeyServiceError) -> KeyUseError, _ body: () throws -> Output) throws -> Output {
        do {
            return try body()
        } catch KeyServiceError.store(let error) {
            throw error
        } catch let error as KeyServiceError {
            throw kind(error)
        }
    }

    private func checkUsable(_ id: KeyID, _ leave: KeyLeave, _ store: some ReadableStore) throws {
        if self.permanent.withLockedValue({ $0.contains(id) }) { return }
        guard let key = try store.accountKey(id) else { throw KeyServiceError.noSuchKey(arn: id.description) }
        try key.checkUsable()
        try leave.check("kms:Decrypt", on: key, at: self.now?())
        if key.manager == .aws { self.permanent.withLockedValue { _ = $0.insert(id) } }
    }

    func defaultKey(in scope: SecretScope, at now: Timestamp, _ store: StoreTransaction) throws -> AccountKeyRecord {
        if let key = try store.accountKey(named: AliasName.defaultOfSecrets, in: scope) { return key }
        var random = self.random
        let key = AccountKeyRecord(
            id: KeyID(using: &random),
            scope: scope,
            manager: .aws,
            description: "Default key that protects my Secrets Manager data when no other key is defined",
            policy: KeyPolicy.ofService("secretsmanager", in: scope),
            tags: [],
            createdAt: now
        )
        try self.insert(key, store)
        try store.insert(KeyAliasRecord(name: AliasName.defaultOfSecrets, scope: scope, key: key.id, createdAt: now))
        return key
    }

    /// Stores a new key with its first material.
    func insert(_ key: AccountKeyRecord, _ store: StoreTransaction) throws {
        try store.insert(key)
        let material = try self.keyring.makeMaterial(of: key.id, generation: key.generation)
        try store.insert(KeyMaterialRecord(material: material, createdAt: key.createdAt, origin: .creation))
    }
}

extension AccountKeyRecord {
    /// Whether it may encrypt and decrypt.
    ///
    /// - Throws: `disabled`, `pendingDeletion`.
    func checkUsable() throws(KeyServiceError) {
        switch self.state {
        case .enabled: return
        case .disabled: throw .disabled(arn: self.arn)
        case .pendingDeletion: throw .pendingDeletion(arn: self.arn)
        }
    }
}

extension ReadableStore {
    /// The key that a caller of this account and region means.
    ///
    /// - Throws: `noSuchKey`, `noSuchAlias`, also for one of another account or region; `store`.
    func key(_ reference: KeyReference, in scope: SecretScope) throws(KeyServiceError) -> AccountKeyRecord {
        let found: AccountKeyRecord?
        do {
            switch reference.target {
            case .key(let id): found = try self.accountKey(id)
            case .alias(let name): found = try self.accountKey(named: name, in: scope)
            }
        } catch {
            throw KeyServiceError(error)
        }
        guard let found, found.scope == scope, reference.scope ?? scope == scope else {
            let arn = reference.arn(in: scope)
            if case .alias = reference.target { throw .noSuchAlias(arn: arn) } else { throw .noSuchKey(arn: arn) }
        }
        return found
    }

    /// The key that a caller uses directly: also one of another account in this region, if an ARN names it (KMS's guide, "Allowing users in
    /// other accounts to use a KMS key"). Whether he may is not decided here.
    func usableKey(_ reference: KeyReference, in scope: SecretScope) throws(KeyServiceError) -> AccountKeyRecord {
        guard let named = reference.scope, named.region == scope.region else { return try self.key(reference, in: scope) }
        return try self.key(reference, in: named)
    }

    func material(_ generation: Int, of key: KeyID) throws -> KeyMaterial {
        guard let record = try self.keyMaterial(generation, of: key) else { throw EncryptionError.unknownKey(key) }
        return record.material
    }
}
