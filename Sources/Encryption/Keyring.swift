import Crypto
package import SecretModel

/// Seals and opens values: with the store's own keys, unwrapped by the root key when the daemon starts, and with the KMS keys of accounts,
/// whose material the store keeps (`Keyring+KMS`). Nothing prints it.
package struct Keyring: Sendable {
    private let keys: [KeyID: SymmetricKey]
    /// Derived from the root key: encrypts material of KMS keys.
    let wrappingKey: SymmetricKey
    /// Derived from the root key: encrypts session tokens.
    let tokenKey: SymmetricKey
    let materials = RememberedKeys<Int>()
    /// Derived from keys of the store, by purpose.
    let authenticationKeys = RememberedKeys<String>()
    /// The key for values that name none.
    package let defaultKeyID: KeyID

    /// Opens the store's keys. Verify the root key by its check value first, so that a wrong one is told from an altered key.
    ///
    /// - Throws: `EncryptionError.keyDoesNotUnwrap`, or `.notOneDefaultKey`.
    package init(unwrapping wrapped: [WrappedKey], rootKey: RootKey) throws(EncryptionError) {
        var keys: [KeyID: SymmetricKey] = [:]
        for key in wrapped { keys[key.id] = try key.unwrapped(by: rootKey) }
        let defaults = wrapped.filter(\.isDefault).map(\.id)
        guard let defaultKeyID = defaults.first, defaults.count == 1 else { throw .notOneDefaultKey(defaults) }
        self.keys = keys
        self.wrappingKey = rootKey.key(for: "kms key material wrapping v1")
        self.tokenKey = rootKey.key(for: "session tokens v1")
        self.defaultKeyID = defaultKeyID
    }

    /// A keyring with one new key, the default, and that key as the store must keep it.
    package static func create(defaultKey id: KeyID, rootKey: RootKey) throws(EncryptionError) -> (keyring: Keyring, key: WrappedKey) {
        let key = try WrappedKey(SymmetricKey(size: .bits256), id: id, isDefault: true, rootKey: rootKey)
        return (try Keyring(unwrapping: [key], rootKey: rootKey), key)
    }

    /// `nil` if the store has no such key.
    func kmsKey(_ id: KeyID) -> SymmetricKey? { self.keys[id] }

    /// The ids of all keys, sorted.
    package var keyIDs: [KeyID] { self.keys.keys.sorted { $0.description < $1.description } }
}

/// Format 1: a data key for each value, AES-256-GCM, associated data = purpose, format, key id and binding; the data key is encrypted by a
/// key of the store with associated data of the same parts. The first byte of the plaintext says whether it is a string or bytes.
extension Keyring {
    /// - Parameter key: `nil` for the default key.
    /// - Throws: `EncryptionError.unknownKey`.
    package func seal(_ value: SecretValue, for binding: Binding, with key: KeyID? = nil) throws(EncryptionError) -> SealedValue {
        let keyID = key ?? self.defaultKeyID
        guard let storeKey = self.keys[keyID] else { throw .unknownKey(keyID) }
        return try self.seal(value, for: binding, under: storeKey, id: keyID, format: SealedValue.storeKeyFormat)
    }

    func seal(
        _ value: SecretValue,
        for binding: Binding,
        under key: SymmetricKey,
        id: KeyID,
        format: Int
    ) throws(EncryptionError) -> SealedValue {
        let data = SealedData(format: format, keyID: id, binding: binding)
        let dataKey = SymmetricKey(size: .bits256)
        do {
            return SealedValue(
                format: data.format,
                keyID: id,
                wrappedDataKey: try key.seal(dataKey.plainBytes, data.ofDataKey),
                ciphertext: try dataKey.seal(value.plaintext, data.ofValue)
            )
        } catch {
            throw .cannotSeal(id)
        }
    }

    /// - Throws: `EncryptionError` if the key or the format is unknown, or the ciphertext does not belong to `binding`.
    package func open(_ sealed: SealedValue, for binding: Binding) throws(EncryptionError) -> SecretValue {
        guard sealed.format == SealedValue.storeKeyFormat else { throw .unsupportedFormat(sealed.format) }
        guard let storeKey = self.keys[sealed.keyID] else { throw .unknownKey(sealed.keyID) }
        return try self.open(sealed, dataKey: sealed.wrappedDataKey[...], for: binding, under: storeKey)
    }

    func open(
        _ sealed: SealedValue,
        dataKey: ArraySlice<UInt8>,
        for binding: Binding,
        under key: SymmetricKey
    ) throws(EncryptionError) -> SecretValue {
        let data = SealedData(format: sealed.format, keyID: sealed.keyID, binding: binding)
        do {
            let dataKey = SymmetricKey(data: try key.open(Array(dataKey), data.ofDataKey))
            let plaintext = try dataKey.open(sealed.ciphertext, data.ofValue)
            guard let value = SecretValue(plaintext: plaintext) else { throw EncryptionError.doesNotOpen(sealed.keyID) }
            return value
        } catch {
            throw .doesNotOpen(sealed.keyID)
        }
    }
}

/// The associated data of both layers of a sealed value.
private struct SealedData {
    let format: Int
    let ofDataKey: AssociatedData
    let ofValue: AssociatedData

    init(format: Int, keyID: KeyID, binding: Binding) {
        let parts = [String(format), keyID.description] + binding.parts
        self.format = format
        self.ofDataKey = AssociatedData(purpose: "keyturn data key", parts)
        self.ofValue = AssociatedData(purpose: "keyturn value", parts)
    }
}

extension SecretValue {
    private static let stringMark: UInt8 = 0
    private static let binaryMark: UInt8 = 1

    fileprivate var plaintext: [UInt8] {
        switch self.content {
        case .string(let text): [SecretValue.stringMark] + text.utf8
        case .binary(let bytes): [SecretValue.binaryMark] + bytes
        }
    }

    fileprivate init?(plaintext: [UInt8]) {
        switch plaintext.first {
        case SecretValue.stringMark:
            guard let text = String(validating: plaintext.dropFirst(), as: UTF8.self) else { return nil }
            self.init(string: text)
        case SecretValue.binaryMark:
            self.init(binary: Array(plaintext.dropFirst()))
        default:
            return nil
        }
    }
}

extension Keyring: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
