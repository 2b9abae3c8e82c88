package import SecretModel

extension ReadableStore {
    /// The alert of that fingerprint, firing or resolved.
    package func alert(_ fingerprint: String) throws -> AlertRecord? {
        try self.sql.query("SELECT * FROM alerts WHERE fingerprint = ?", fingerprint).first.map { try AlertRecord($0) }
    }

    /// Firing first, then by start, newest first.
    package func alerts(includingResolved: Bool, limit: Int) throws -> [AlertRecord] {
        try self.sql.query(
            """
            SELECT * FROM alerts \(includingResolved ? "" : "WHERE ends_at IS NULL")
            ORDER BY CASE WHEN ends_at IS NULL THEN 0 ELSE 1 END, starts_at DESC, fingerprint LIMIT ?
            """,
            limit
        ).map { try AlertRecord($0) }
    }

    /// Newest first.
    package func firingAlerts(of secret: SecretARN) throws -> [AlertRecord] {
        try self.sql.query("SELECT * FROM alerts WHERE secret = ? AND ends_at IS NULL ORDER BY starts_at DESC, fingerprint", secret)
            .map { try AlertRecord($0) }
    }

    /// Those that are about no secret but a KMS key: most times there is none.
    package func firingKeyAlerts() throws -> [AlertRecord] {
        try self.sql.query("SELECT * FROM alerts WHERE secret IS NULL AND ends_at IS NULL ORDER BY starts_at, fingerprint")
            .map { try AlertRecord($0) }
    }
}

extension StoreTransaction {
    /// Inserts or replaces by fingerprint.
    package func save(_ alert: AlertRecord) throws {
        let columns = alert.columns
        let assignments = columns.names.filter { $0 != "fingerprint" }.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        try self.sql.insert(into: "alerts", columns, conflict: "ON CONFLICT (fingerprint) DO UPDATE SET \(assignments)")
    }
}
