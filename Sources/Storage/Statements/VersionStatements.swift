package import Encryption
package import SecretModel

extension ReadableStore {
    /// The version of that id, with its value still sealed.
    package func version(_ id: VersionID, of secret: SecretARN) throws -> VersionRecord? {
        try self.sql.query("SELECT * FROM versions WHERE secret = ? AND id = ?", secret, id).first.map { try VersionRecord($0) }
    }

    /// All versions in creation order.
    package func versions(of secret: SecretARN) throws -> [VersionRecord] {
        try self.sql.query("SELECT * FROM versions WHERE secret = ? ORDER BY sequence", secret).map { try VersionRecord($0) }
    }

    /// The ids of all versions of a secret, in creation order.
    package func versionIDs(of secret: SecretARN) throws -> [VersionID] {
        let rows = try self.sql.query("SELECT id FROM versions WHERE secret = ? ORDER BY sequence", secret)
        return try rows.map { try $0.version("id") }
    }
}

extension StoreTransaction {
    /// - Throws: `StoreError.failed` if the secret has a version of that id.
    package func insert(_ version: VersionRecord) throws {
        var columns = SQLColumnList([
            "secret": version.secret,
            "id": version.id,
            "created_at": version.createdAt,
            "accessed_day": version.accessedDay,
        ])
        columns.append(sealed: version.value, as: "value")
        let inserted = try self.sql.append(
            to: "versions",
            columns,
            conflict: "ON CONFLICT (secret, id) DO NOTHING",
            behind: "versions WHERE secret = ?",
            version.secret
        )
        guard inserted == 1 else {
            throw StoreError.failed("the secret \(version.secret) already has a version \(version.id)")
        }
    }

    /// Fills an empty version, or replaces the pending value of a run by I3's rule.
    ///
    /// - Throws: `StoreError.failed` if there is no such version.
    package func update(_ version: VersionRecord) throws {
        var columns = SQLColumnList(["accessed_day": version.accessedDay])
        columns.append(sealed: version.value, as: "value")
        guard try self.sql.update("versions", columns, where: "secret = ? AND id = ?", version.secret, version.id) == 1 else {
            throw StoreError.failed("the secret \(version.secret) has no version \(version.id)")
        }
    }

    /// Puts a value into a version, for the first time or by I3's rule.
    ///
    /// - Returns: Whether there is such a version.
    package func fill(_ version: VersionID, of secret: SecretARN, with value: SealedValue) throws -> Bool {
        var columns = SQLColumnList()
        columns.append(sealed: value, as: "value")
        return try self.sql.update("versions", columns, where: "secret = ? AND id = ?", secret, version) == 1
    }

    /// A label that is still on the version when the transaction ends makes it fail.
    package func deleteVersion(_ id: VersionID, of secret: SecretARN) throws {
        try self.sql.execute("DELETE FROM versions WHERE secret = ? AND id = ?", secret, id)
    }

    /// Deletes versions without labels that were made before `limit`, except the newest `count` versions of the secret and those that may
    /// be the live credential: of a live run, and of an abandoned or cancelled one that touched the target and after which none has
    /// succeeded (I1; `aws-api.md` §4.4: more than 100, never younger than 24 hours).
    ///
    /// - Returns: Which were deleted.
    @discardableResult
    package func purgeVersions(of secret: SecretARN, before limit: Timestamp, keeping count: Int = 100) throws -> [VersionID] {
        let gone = try self.sql.query(
            """
            DELETE FROM versions WHERE secret = ? AND created_at < ?
            AND id NOT IN (SELECT version FROM labels WHERE secret = ?)
            AND id NOT IN (SELECT id FROM versions WHERE secret = ? ORDER BY sequence DESC LIMIT ?)
            AND NOT EXISTS (
                SELECT 1 FROM runs
                WHERE runs.secret = versions.secret AND runs.is_live = 1 AND (runs.token = versions.id OR runs.replaced = versions.id)
            )
            AND NOT EXISTS (
                SELECT 1 FROM runs
                WHERE runs.secret = versions.secret AND runs.token = versions.id AND \(Self.mayHaveSet)
            )
            RETURNING id
            """,
            secret,
            limit,
            secret,
            secret,
            count
        )
        return try gone.map { try $0.version("id") }
    }
}
