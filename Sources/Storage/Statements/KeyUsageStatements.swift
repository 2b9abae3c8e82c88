package import Encryption
package import SecretModel

extension ReadableStore {
    /// The secrets, of whatever account and whatever key they name, that need a KMS key: a value is under it on which a label stands, or
    /// which may be the live credential, because a live run needs it or a run has set it that was abandoned or cancelled (I1).
    ///
    /// - Parameters:
    ///   - includingDeleted: Whether those count that are scheduled for deletion, and can be restored.
    ///   - limit: So many of them are named, in an order that stays; all are counted.
    package func secrets(
        under key: KeyID,
        includingDeleted: Bool,
        naming limit: Int
    ) throws -> (count: Int, first: [SecretARN]) {
        let needed = Self.neededVersions(includingDeleted: includingDeleted)
        let count = try self.sql.query("SELECT COUNT(DISTINCT v.secret) AS secrets \(needed)", key.description).first?.count("secrets")
        let first = try self.sql.query("SELECT DISTINCT v.secret \(needed) ORDER BY v.secret LIMIT ?", key.description, limit)
            .map { try $0.arn("secret") }
        return (count ?? 0, first)
    }

    /// Whether there is any of them.
    package func hasSecrets(under key: KeyID, includingDeleted: Bool) throws -> Bool {
        let needed = Self.neededVersions(includingDeleted: includingDeleted)
        return try !self.sql.query("SELECT v.secret \(needed) LIMIT 1", key.description).isEmpty
    }

    /// Each question about a version is one search of an index: a key may have many versions that nobody needs.
    private static func neededVersions(includingDeleted: Bool) -> String {
        """
        FROM versions v JOIN secrets s ON s.arn = v.secret
        WHERE v.value_key = ? \(includingDeleted ? "" : "AND s.deleted_at IS NULL") AND (
            EXISTS (SELECT 1 FROM labels l WHERE l.secret = v.secret AND l.version = v.id)
            OR EXISTS (
                SELECT 1 FROM runs
                WHERE runs.secret = v.secret AND runs.token = v.id AND (runs.is_live = 1 OR (\(StoreTransaction.mayHaveSet)))
            )
            OR EXISTS (SELECT 1 FROM runs WHERE runs.secret = v.secret AND runs.replaced = v.id AND runs.is_live = 1)
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
