package import Encryption
package import SecretModel

extension ReadableStore {
    /// The secrets, of whatever account, that cannot be read without a KMS key: a label of theirs stands on a value that is under it. Those
    /// that are scheduled for deletion are left out, and so are those that name no key any more: their AWSCURRENT is not under it.
    ///
    /// - Parameter limit: So many of them are named, in an order that stays; all are counted.
    package func secrets(under key: KeyID, naming limit: Int) throws -> (count: Int, first: [SecretARN]) {
        let count = try self.sql.query("SELECT COUNT(*) AS secrets \(Self.secretsUnderKey)", key.description).first?.count("secrets")
        let first = try self.sql.query("SELECT s.arn \(Self.secretsUnderKey) ORDER BY s.kms_key, s.arn LIMIT ?", key.description, limit)
            .compactMap { SecretARN(try $0.text("arn")) }
        return (count ?? 0, first)
    }

    /// Whether there is any of them.
    package func hasSecrets(under key: KeyID) throws -> Bool {
        try !self.sql.query("SELECT s.arn \(Self.secretsUnderKey) LIMIT 1", key.description).isEmpty
    }

    private static var secretsUnderKey: String {
        """
        FROM secrets s WHERE s.kms_key > '' AND s.deleted_at IS NULL AND EXISTS (
            SELECT 1 FROM labels l JOIN versions v ON v.secret = l.secret AND v.id = l.version
            WHERE l.secret = s.arn AND v.value_key = ?
        )
        """
    }

    /// The keys that values with labels of a secret are under.
    package func keys(of secret: SecretARN) throws -> Set<KeyID> {
        let rows = try self.sql.query(
            """
            SELECT v.value_key FROM labels l JOIN versions v ON v.secret = l.secret AND v.id = l.version
            WHERE l.secret = ? AND v.value_key IS NOT NULL
            """,
            secret
        )
        return Set(try rows.map { KeyID(try $0.text("value_key")) })
    }
}
