package import Access
package import Encryption
package import KeyManagement
package import SecretModel
package import Storage

/// Why an operation on a secret was refused. A refusal has changed nothing (I12). Each face has words for each case.
package enum SecretServiceError: Error, Hashable, Sendable {
    case noSuchSecret
    case markedForDeletion
    case nameExists(SecretName)
    case nameScheduledForDeletion
    /// The token made a version that holds other data.
    case tokenInUse(VersionID, SecretARN)
    case noValueAt(StagingLabel)
    case noValueIn(VersionID)
    /// Both were asked for, and the label stands elsewhere.
    case labelNotOnVersion
    case tooManyLabels(limit: Int)
    /// Moving a label that stands on `holder` needs to name it.
    case labelHolderNotNamed(StagingLabel, holder: VersionID)
    case labelHolderDiffers(StagingLabel)
    case currentCannotBeRemoved
    case nothingToMove
    case unknownVersion(VersionID)
    case reservedTagKey(String)
    case duplicateTagKey(String)
    case tooManyTags(limit: Int)
    /// Changes are made in the primary's region.
    case replicaIsReadOnly
    case replicaInOwnRegion
    case duplicateReplicaRegion(RegionName)
    case notAReplica
    /// As the caller named the secret.
    case hasReplicas(String, [RegionName])
    case recoveryWindowOutOfRange(Int)
    case recoveryWindowWithForce
    case malformedPolicy(PolicySyntaxError)
    /// The policy names a user or a role that does not exist.
    case unknownPrincipal(String)
    case publicPolicy
    case accessDenied(AccessDenial)
    /// The key of the secret is not for the caller.
    case keyAccessDenied
    /// Another account asks for a value that the default key encrypts.
    case defaultKeyAcrossAccounts
    case password(PasswordPolicyError)
    /// The secret's KMS key does not exist, or may not be used.
    case key(KeyUseError)
    case encryption(EncryptionError)
    case store(StoreError)
    /// Something that no case foresees; the text is for the log only.
    case unexpected(String)

    /// What the rooms below, and checks of access, refuse.
    package init(_ error: any Error) {
        switch error {
        case let error as SecretServiceError: self = error
        case let error as StoreError: self = .store(error)
        case let error as KeyUseError: self = .key(error)
        case let error as EncryptionError: self = .encryption(error)
        case let error as AccessDenial: self = .accessDenied(error)
        case let error as PolicySyntaxError: self = .malformedPolicy(error)
        default: self = .unexpected(String(describing: error))
        }
    }
}
