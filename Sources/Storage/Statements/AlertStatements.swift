package import SecretModel

extension ReadableStore {
    package func alert(_ fingerprint: String) throws -> AlertRecord? { fatalError("stub") }

    /// Firing first, then by start, newest first.
    package func alerts(includingResolved: Bool, limit: Int) throws -> [AlertRecord] { fatalError("stub") }

    package func firingAlerts(of secret: SecretARN) throws -> [AlertRecord] { fatalError("stub") }

    /// Waiting messages whose time has come, oldest first.
    package func dueMessages(at now: Timestamp, limit: Int) throws -> [OutboxRecord] { fatalError("stub") }

    package func messages(status: OutboxRecord.Status, limit: Int) throws -> [OutboxRecord] { fatalError("stub") }

    package func nextMessageTime() throws -> Timestamp? { fatalError("stub") }
}

extension StoreTransaction {
    /// Inserts or replaces by fingerprint.
    package func save(_ alert: AlertRecord) throws { fatalError("stub") }

    package func insert(_ message: OutboxRecord) throws { fatalError("stub") }

    package func update(_ message: OutboxRecord) throws { fatalError("stub") }

    package func append(_ record: AuditRecord) throws { fatalError("stub") }
}

extension ReadableStore {
    /// Newest first.
    package func auditRecords(of secret: SecretARN?, limit: Int) throws -> [AuditRecord] { fatalError("stub") }
}
