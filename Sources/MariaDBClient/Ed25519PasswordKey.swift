import Crypto
import Foundation
package import SecretModel

/// The stored form of a password of MariaDB's `ed25519` plug-in: the public key, as base64 without padding.
///
/// The plug-in derives its key from the SHA-512 of a password of any length. That is RFC 8032's derivation from a seed, which has 32
/// bytes: so we can compute it without a curve library of our own for passwords of exactly 32 bytes, which is the default length.
package struct Ed25519PasswordKey: Hashable, Sendable {
    package let text: String

    /// - Returns: `nil` unless the password has exactly 32 bytes.
    package init?(of password: SecretValue) {
        guard password.bytes.count == 32 else { return nil }
        do {
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: password.bytes)
            self.text = String(key.publicKey.rawRepresentation.base64EncodedString().prefix { $0 != "=" })
        } catch {
            // Only a wrong length is refused, and that was checked.
            return nil
        }
    }
}
