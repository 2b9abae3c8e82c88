package import SecretModel

extension ReadableStore {
    /// Whether an event of this id was recorded.
    package func hasAuditRecord(_ id: String) throws -> Bool {
        try !self.sql.query("SELECT 1 AS one FROM audit WHERE id = ?", id).isEmpty
    }

    /// Of one secret, newest first.
    package func auditRecords(of secret: SecretARN, limit: Int) throws -> [AuditRecord] {
        try self.auditRecords(in: secret.scope, AuditFilter(resource: secret.description), limit: limit)
    }

    /// Those behind a sequence, of all accounts and regions, in the order of the chain.
    package func auditRecords(after sequence: Int64, limit: Int) throws -> [AuditRecord] {
        let rows = try self.sql.query("SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?", sequence, limit)
        return try rows.map { try AuditRecord($0) }
    }

    /// The highest sequence that a record has; 0 if there is no record.
    package func lastAuditSequence() throws -> Int64 {
        try self.sql.query("SELECT COALESCE(MAX(sequence), 0) AS last FROM audit").first?.integer("last") ?? 0
    }

    /// How many records stand before a sequence.
    package func auditRecordCount(before sequence: Int64) throws -> Int {
        try self.sql.query("SELECT COUNT(*) AS number FROM audit WHERE sequence < ?", sequence).first?.count("number") ?? 0
    }

    /// Whether there are records that belong to a chain: the last one has a hash.
    package func hasAuditChain() throws -> Bool {
        try self.auditRecords(after: try self.lastAuditSequence() - 1, limit: 1).contains { !$0.hash.isEmpty }
    }

    /// `nil` until the first record of the chain.
    package func auditHead() throws -> AuditHead? {
        try self.sql.query("SELECT * FROM audit_head WHERE id = 1").first.map { try AuditHead($0) }
    }
}

extension StoreTransaction {
    /// Adds records, with the head of the chain as it is behind them; in the transaction of the change that they tell of (I9). Their
    /// maker is `Auditing`'s `AuditTrail`.
    package func append(_ records: [AuditRecord], _ head: AuditHead) throws {
        for record in records { try self.sql.insert(into: "audit", record.columns) }
        try self.save(head)
    }

    /// Deletes the records before the first one that the head names.
    package func prune(to head: AuditHead) throws {
        try self.sql.execute("DELETE FROM audit WHERE sequence < ?", head.first)
        try self.save(head)
    }

    private func save(_ head: AuditHead) throws {
        guard try self.sql.update("audit_head", head.columns, where: "id = 1") == 0 else { return }
        var columns = head.columns
        columns.append("id", 1)
        try self.sql.insert(into: "audit_head", columns)
    }
}
