import SecretModel
import Storage

extension StoreTransaction {
    /// Deletes the unlabelled versions beyond the newest 100, never one younger than 24 hours (`aws-api.md` §4.4), and unlabelled versions
    /// without a value, which hold nothing.
    ///
    /// - Parameter secret: As it is saved: a version that still has a label in the store cannot be deleted.
    func purgeVersions(of secret: SecretRecord, at now: Timestamp) throws {
        let labelled = Set(secret.labels.pairs.map(\.version))
        let deprecated = try self.versions(of: secret.arn).filter { !labelled.contains($0.id) }
        let limit = now - .hours(24)
        let surplus = deprecated.filter { $0.value != nil }.dropLast(100).filter { $0.createdAt <= limit }
        for version in deprecated.filter({ $0.value == nil }) + surplus {
            try self.deleteVersion(version.id, of: secret.arn)
        }
    }
}
