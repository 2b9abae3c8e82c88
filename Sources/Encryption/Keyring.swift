package import SecretModel

/// Seals and opens values with the KMS keys of the store, unwrapped by the root key when the daemon starts.
package struct Keyring: Sendable {
    /// - Parameter key: `nil` for the default key.
    /// - Throws: `EncryptionError.unknownKey`.
    package func seal(_ value: SecretValue, for binding: Binding, with key: KeyID? = nil) throws(EncryptionError) -> SealedValue {
        fatalError("stub")
    }

    /// - Throws: `EncryptionError` if the key is unknown or the ciphertext does not belong to `binding`.
    package func open(_ sealed: SealedValue, for binding: Binding) throws(EncryptionError) -> SecretValue {
        fatalError("stub")
    }
}

package enum EncryptionError: Error, Hashable, Sendable {
    case unknownKey(KeyID)
    /// The ciphertext was altered, or belongs elsewhere.
    case doesNotOpen(KeyID)
    case unsupportedFormat(Int)
}
