import Access
import Encryption
import Storage

extension KeyServiceError: CustomStringConvertible {
    /// KMS's words where it has some.
    package var description: String {
        switch self {
        case .noSuchKey(let arn): "Key '\(arn)' does not exist"
        case .noSuchAlias(let arn): "Alias \(arn) is not found."
        case .malformedARN(let text): "Invalid arn \(text)"
        case .disabled(let arn): "\(arn) is disabled."
        case .pendingDeletion(let arn): "\(arn) is pending deletion."
        case .notPendingDeletion(let arn): "\(arn) is not pending deletion."
        case .managedByService(let arn): "\(arn) is managed by the service: it cannot be changed."
        case .notForAccount(let account, let arn): "The policy of the key \(arn) does not let account \(account) use it."
        case .invalidAlias: "Alias must start with the prefix \"alias/\". Please see the documentation for other requirements."
        case .reservedAlias(let name): "\(name): the prefix \"alias/aws/\" is reserved."
        case .aliasExists(let arn): "An alias with the name \(arn) already exists"
        case .aliasInsteadOfKey(let name): "\(name) is an alias; this operation needs a key id or the ARN of a key."
        case .windowOutOfRange: "PendingWindowInDays must be between 7 and 30 (inclusive)."
        case .tooManyRotations(let limit): "A key can be rotated on demand \(limit) times at most."
        case .malformedPolicy: "The new key policy is not a valid policy document."
        case .unknownPrincipal(let name): "Policy contains a statement with one or more invalid principals: \(name) does not exist."
        case .policyLocksOut: "The new key policy will not allow you to update the key policy in the future."
        case .invalidGrantToken: "The grant token is not valid: keys here have no grants."
        case .accessDenied(let denial): denial.message
        case .noSuchPolicy(let name): "No such policy exists: \(name)"
        case .reservedTagKey(let key): "The tag key \(key) starts with aws:, which is reserved."
        case .duplicateTagKey(let key): "The tag key \(key) is given more than once."
        case .tooManyTags(let limit): "A key can have at most \(limit) tags."
        case .invalidCiphertext: "The ciphertext is not valid, or the encryption context is not the one that it was encrypted with."
        case .incorrectKey: "The key ID in the request does not identify a CMK that can perform this operation."
        case .ciphertextOfUnknownKey:
            "The ciphertext refers to a customer master key that does not exist, does not exist in this region,"
                + " or you are not allowed to access."
        case .encryption(let error): error.description
        case .store(let error): error.description
        case .unexpected(let cause): cause
        }
    }
}
