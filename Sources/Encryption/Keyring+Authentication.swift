import Crypto

/// Authentication codes: HMAC-SHA256 under a key that is derived, for one purpose, from a KMS key of the store.
extension Keyring {
    /// - Parameters:
    ///   - purpose: What is authenticated; keeps a code of one kind from being taken for another.
    ///   - key: `nil` for the default key.
    /// - Returns: 32 bytes, and the key whose they are.
    /// - Throws: `EncryptionError.unknownKey`.
    package func authenticationCode(
        of bytes: [UInt8],
        purpose: String,
        with key: KeyID? = nil
    ) throws(EncryptionError) -> (code: [UInt8], key: KeyID) {
        let id = key ?? self.defaultKeyID
        let code = HMAC<SHA256>.authenticationCode(for: bytes, using: try self.authenticationKey(purpose, of: id))
        return (Array(code), id)
    }

    /// Whether the code is that of the bytes; compared in constant time.
    package func isAuthentic(_ code: [UInt8], of bytes: [UInt8], purpose: String, with key: KeyID) -> Bool {
        do throws(EncryptionError) {
            let derived = try self.authenticationKey(purpose, of: key)
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: derived)
        } catch {
            // A key that the store does not have has made no code.
            return false
        }
    }

    private func authenticationKey(_ purpose: String, of id: KeyID) throws(EncryptionError) -> SymmetricKey {
        try self.authenticationKeys.key(id, purpose) { () throws(EncryptionError) in
            guard let key = self.kmsKey(id) else { throw .unknownKey(id) }
            let data = AssociatedData(purpose: "keyturn authentication", [purpose, id.description])
            return SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: data.bytes, using: key))
        }
    }
}
