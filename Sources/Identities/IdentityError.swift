package import Access
package import Encryption
package import SecretModel
package import Storage

/// Why an operation on users, roles or policies was refused. A refusal has changed nothing (I12).
package enum IdentityError: Error, Hashable, Sendable {
    case noSuchIdentity(IdentityID)
    case identityExists(IdentityID)
    case noSuchPolicy(String, AccountID)
    case policyExists(String)
    /// The policy comes with Keyturn and is not to be changed.
    case predefinedPolicy(String)
    /// Detach it first.
    case policyInUse(String, by: [IdentityID])
    case policyNotAttached(String, to: IdentityID)
    case noSuchAccessKey(String, of: IdentityID)
    /// Letters, digits and `_+=,.@-`, no more than the limit.
    case invalidName(String, limit: Int)
    case malformedPolicy(PolicySyntaxError)
    /// A trust policy names a user or a role that does not exist.
    case unknownPrincipal(String)
    case noBoundary(IdentityID)
    /// Afterwards nobody could manage the installation.
    case lastAdministrator
    case reservedTagKey(String)
    case encryption(EncryptionError)
    case store(StoreError)
    /// Something that no case foresees; the text is for the log only.
    case unexpected(String)

    init(_ error: any Error) {
        switch error {
        case let error as IdentityError: self = error
        case let error as StoreError: self = .store(error)
        case let error as EncryptionError: self = .encryption(error)
        case let error as PolicySyntaxError: self = .malformedPolicy(error)
        default: self = .unexpected(String(describing: error))
        }
    }
}
