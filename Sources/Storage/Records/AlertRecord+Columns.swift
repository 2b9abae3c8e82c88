import SecretModel

extension SQLRow {
    /// A document that keeps the order of its members.
    func json(_ column: String) throws(StoreError) -> JSONValue? {
        guard let text = try self.optionalText(column) else { return nil }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw StoreError.failed("the store is damaged: column \(column): \(error)")
        }
    }
}

extension AlertRecord {
    var columns: SQLColumnList {
        SQLColumnList([
            "fingerprint": self.fingerprint,
            "name": self.name,
            "secret": self.secret,
            "severity": self.severity,
            "starts_at": self.startsAt,
            "ends_at": self.endsAt,
            "updated_at": self.updatedAt,
            "error_code": self.errorCode,
            "attempts": self.attempts,
            "data": self.data,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            fingerprint: try row.text("fingerprint"),
            name: try row.text("name"),
            secret: try row.optional("secret") { $0.text.flatMap(SecretARN.init) },
            severity: try row.text("severity"),
            startsAt: try row.time("starts_at"),
            errorCode: try row.optionalText("error_code"),
            attempts: try row.count("attempts"),
            data: try row.json("data") ?? .null
        )
        self.endsAt = try row.optionalTime("ends_at")
        self.updatedAt = try row.time("updated_at")
    }
}

extension OutboxRecord {
    /// The columns that change on the way.
    var deliveryColumns: SQLColumnList {
        SQLColumnList([
            "status": self.status.rawValue,
            "attempts": self.attempts,
            "next_attempt_at": self.nextAttemptAt,
            "last_error": self.lastError,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            id: try row.text("id"),
            sink: try row.text("sink"),
            createdAt: try row.time("created_at"),
            body: try row.text("body")
        )
        self.status = try row.choice("status")
        self.attempts = try row.count("attempts")
        self.nextAttemptAt = try row.time("next_attempt_at")
        self.lastError = try row.optionalText("last_error")
    }
}
