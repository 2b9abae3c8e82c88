package import SecretModel

extension ReadableStore {
    /// Newest first; of all secrets for `nil`.
    package func auditRecords(of secret: SecretARN?, limit: Int) throws -> [AuditRecord] {
        let rows =
            if let secret {
                try self.sql.query("SELECT * FROM audit WHERE secret = ? ORDER BY sequence DESC, id LIMIT ?", secret, limit)
            } else {
                try self.sql.query("SELECT * FROM audit ORDER BY sequence DESC, id LIMIT ?", limit)
            }
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
