import SecretModel
import Storage

extension StoreTransaction {
    /// Deletes unlabelled versions when there are more than 100 versions, never one younger than 24 hours (`aws-api.md` §4.4), and never one
    /// that a live run needs.
    ///
    /// - Returns: Which went: the caller tells of them.
    func purgeSurplusVersions(of secret: SecretARN, at now: Timestamp) throws -> [VersionID] {
        try self.purgeVersions(of: secret, before: now - .hours(24))
    }
}
