package import Access
package import Encryption
package import SecretModel
package import Storage

/// Why an operation on a KMS key was refused. A refusal has changed nothing (I12).
package enum KeyServiceError: Error, Hashable, Sendable {
    case noSuchKey(arn: String)
    case noSuchAlias(arn: String)
    /// It begins as an ARN and is none of a key or an alias.
    case malformedARN(String)
    case disabled(arn: String)
    case pendingDeletion(arn: String)
    case notPendingDeletion(arn: String)
    /// The default key of an account's secrets: only the service changes it.
    case managedByService(arn: String)
    /// The key's policy gives the account of a secret no leave to use it.
    case notForAccount(AccountID, arn: String)
    case invalidAlias(String)
    case reservedAlias(String)
    case aliasExists(arn: String)
    /// The operation needs a key, not an alias.
    case aliasInsteadOfKey(String)
    case windowOutOfRange(Int)
    case tooManyRotations(limit: Int)
    case malformedPolicy
    /// The key policy names a user or a role that does not exist.
    case unknownPrincipal(String)
    /// Nobody who calls now could change the policy again.
    case policyLocksOut
    /// There are no grants here, so no token is of one.
    case invalidGrantToken
    case noSuchPolicy(String)
    /// The caller may not, by what is in the store now.
    case accessDenied(AccessDenial)
    case reservedTagKey(String)
    case duplicateTagKey(String)
    case tooManyTags(limit: Int)
    /// Altered, or encrypted with another context, or no ciphertext at all.
    case invalidCiphertext
    /// The ciphertext needs another key than the caller named.
    case incorrectKey
    /// The ciphertext's key is not there, or not in this account and region.
    case ciphertextOfUnknownKey
    case encryption(EncryptionError)
    case store(StoreError)
    /// Something that no case foresees; the text is for the log only.
    case unexpected(String)

    init(_ error: any Error) {
        switch error {
        case let error as KeyServiceError: self = error
        case let error as AccessDenial: self = .accessDenied(error)
        case let error as EncryptionError: self = .encryption(error)
        case let error as StoreError: self = .store(error)
        default: self = .unexpected(String(describing: error))
        }
    }
}

/// Why the value of a secret cannot be encrypted or decrypted with its KMS key. The value itself is untouched (I1).
package enum KeyUseError: Error, Hashable, Sendable {
    case cannotEncrypt(KeyServiceError)
    case cannotDecrypt(KeyServiceError)

    package var cause: KeyServiceError {
        switch self {
        case .cannotEncrypt(let cause), .cannotDecrypt(let cause): cause
        }
    }
}

extension KeyUseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotEncrypt(let cause): "the KMS key of the secret cannot encrypt: \(cause)"
        case .cannotDecrypt(let cause): "the KMS key of the value cannot decrypt: \(cause)"
        }
    }
}
