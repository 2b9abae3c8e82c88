import Crypto
package import SecretModel

/// Tokens that clients carry and only this store's daemons can read: nothing of them is stored.
extension Keyring {
    private static let tokenForm = AssociatedData(purpose: "keyturn session token", ["1"])

    /// Encrypts what a token says. All daemons of a store open it, as long as the root key is the same.
    ///
    /// - Throws: `EncryptionError.cannotSeal`.
    package func sealToken(_ content: SecretValue) throws(EncryptionError) -> [UInt8] {
        do { return try self.tokenKey.seal(content.bytes, Self.tokenForm) } catch { throw .cannotSeal(self.defaultKeyID) }
    }

    /// - Returns: `nil` for what is no token of this store, or was altered.
    package func openToken(_ sealed: [UInt8]) -> SecretValue? {
        do { return SecretValue(binary: try self.tokenKey.open(sealed, Self.tokenForm)) } catch { return nil }
    }
}
