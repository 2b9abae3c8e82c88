package import SecretModel

/// What of a secret somebody needs who reads its value: a small part of `SecretRecord`, read in a fraction of the time.
package struct SecretHead: Hashable, Sendable {
    package let arn: SecretARN
    /// `nil`: the default key.
    package let kmsKeyID: String?
    package let labels: VersionLabels
    /// Start of the UTC day of the last read.
    package let accessedDay: Timestamp?
    /// When deletion was asked for.
    package let deletedAt: Timestamp?
    /// When the secret may really go.
    package let purgeAt: Timestamp?
    /// Whether copies in other regions are kept in step with it.
    package let hasReplicas: Bool
}
