import SecretModel
import Storage

extension StoreTransaction {
    /// Deletes the unlabelled versions beyond the newest 100, never one younger than 24 hours (`aws-api.md` §4.4).
    func purgeVersions(of secret: SecretRecord, at now: Timestamp) throws {
        let labelled = Set(secret.labels.pairs.map(\.version))
        let deprecated = try self.versions(of: secret.arn).filter { !labelled.contains($0.id) }
        let limit = now - .hours(24)
        for version in deprecated.dropLast(100) where version.createdAt <= limit {
            try self.deleteVersion(version.id, of: secret.arn)
        }
    }
}
