package import SecretModel

extension ReadableStore {
    /// Waiting messages whose time has come, in the order in which they were written.
    package func dueMessages(at now: Timestamp, limit: Int) throws -> [OutboxRecord] {
        try self.sql.query(
            "SELECT * FROM outbox WHERE status = 'waiting' AND next_attempt_at <= ? ORDER BY sequence, id LIMIT ?",
            now,
            limit
        ).map { try OutboxRecord($0) }
    }

    /// In the order in which they were written.
    package func messages(status: OutboxRecord.Status, limit: Int) throws -> [OutboxRecord] {
        try self.sql.query("SELECT * FROM outbox WHERE status = ? ORDER BY sequence, id LIMIT ?", status.rawValue, limit)
            .map { try OutboxRecord($0) }
    }

    /// When the next waiting message is to be tried.
    package func nextMessageTime() throws -> Timestamp? {
        try self.sql.query("SELECT MIN(next_attempt_at) AS next FROM outbox WHERE status = 'waiting'").first?.optionalTime("next")
    }
}

extension StoreTransaction {
    /// Adds a message behind all others; in the transaction of the change that it tells of (I9).
    package func insert(_ message: OutboxRecord) throws {
        var columns = SQLColumnList([
            "id": message.id,
            "sink": message.sink,
            "created_at": message.createdAt,
            "body": message.body,
        ])
        columns.append(message.deliveryColumns)
        try self.sql.append(to: "outbox", columns, behind: "outbox")
    }

    /// Saves what changes on the way: status, attempts, next attempt, last error.
    ///
    /// - Throws: `StoreError.failed` if there is no such message.
    package func update(_ message: OutboxRecord) throws {
        guard try self.sql.update("outbox", message.deliveryColumns, where: "id = ?", message.id) == 1 else {
            throw StoreError.failed("the outbox has no message \(message.id)")
        }
    }
}
