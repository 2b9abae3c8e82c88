import Crypto
import NIOConcurrencyHelpers
import SecretModel

/// The signing keys derived from one access key: clients use the same scope all day. They live no longer than the credential that they
/// belong to, so that they need no rule of their own for when a key is made inactive.
final class SigningKeys: Sendable {
    /// Callers choose the scope before their signature is verified: what they make us remember must not grow.
    private static let capacity = 8

    private let keys = NIOLockedValueBox<[CredentialScope: SymmetricKey]>([:])

    /// - Parameter secret: Always that of the same access key.
    func key(for scope: CredentialScope, secret: SecretValue) -> SymmetricKey {
        if let key = self.keys.withLockedValue({ $0[scope] }) { return key }
        let key = Signature.key(for: scope, secret: secret)
        self.keys.withLockedValue { keys in
            if keys.count >= Self.capacity { keys.removeAll() }
            keys[scope] = key
        }
        return key
    }
}
