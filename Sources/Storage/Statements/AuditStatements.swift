package import SecretModel

extension ReadableStore {
    /// Of one secret, newest first.
    package func auditRecords(of secret: SecretARN, limit: Int) throws -> [AuditRecord] {
        let rows = try self.sql.query("SELECT * FROM audit WHERE secret = ? ORDER BY sequence DESC, id LIMIT ?", secret, limit)
        return try rows.map { try AuditRecord($0) }
    }

    /// Of all secrets of an account and region, newest first.
    package func auditRecords(in scope: SecretScope, limit: Int) throws -> [AuditRecord] {
        let rows = try self.sql.query(
            "SELECT * FROM audit WHERE account_id = ? AND region = ? ORDER BY sequence DESC, id LIMIT ?",
            scope.account.description,
            scope.region.description,
            limit
        )
        return try rows.map { try AuditRecord($0) }
    }
}

extension StoreTransaction {
    /// Adds a record; in the transaction of the change that it tells of (I9).
    package func append(_ record: AuditRecord) throws {
        let last = try self.sql.query("SELECT COALESCE(MAX(sequence), 0) AS last FROM audit")
        var columns = record.columns
        columns.append("sequence", (try last.first?.integer("last") ?? 0) + 1)
        try self.sql.insert(into: "audit", columns)
    }
}
