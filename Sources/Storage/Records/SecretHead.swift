package import SecretModel

/// What of a secret somebody needs who decides about access to it or reads its value: a small part of `SecretRecord`, read in a fraction of
/// the time.
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
    /// The region of the primary that it is a copy of; `nil` if it is none.
    package let replicaOf: RegionName?
    package let resourcePolicy: String?
    /// `RotationLambdaARN`.
    package let lambdaARN: String?
    /// As stored: most readers never ask for them.
    let tagsDocument: String?

    /// - Throws: `StoreError.failed` if the store is damaged.
    package func tags() throws -> [Tag] {
        guard let document = self.tagsDocument else { return [] }
        return try StoredDocument.value([Tag].self, in: document, column: "tags")
    }
}
