package import KeyManagement
package import RotationModel
package import SecretModel
package import Secrets
package import Storage

/// Why a request about rotation was refused; the faces have words for each.
package enum RotationRequestError: Error, Sendable {
    case noSuchSecret
    case markedForDeletion
    /// Rotation belongs to the primary's region.
    case replicaIsReadOnly
    case noRotator
    /// The rotator does not exist or its file may not be trusted.
    case rotatorNotInvokable(String)
    case previousRotationIncomplete(VersionID)
    case noValue
    case tokenInUse(VersionID, SecretARN)
    case invalidRules(String)
    case adminSecretMissing(String)
    case adminSecretRequired(RotatorName)
    /// `nil` for a secret of another account, which is none of the caller's business.
    case accountOwned(by: SecretARN?)
    /// The caller may not do that, or have the admin secret used.
    case refused(SecretServiceError)
    case neverConfigured
    case nothingToRetry
    case store(StoreError)
    case key(KeyUseError)
    case encryption(String)
}
