/// The schema: numbered steps that only go forward, each in a transaction of its own.
enum Schema {
    /// The statements of each step, oldest first. A step that was released is never edited; a new one is added.
    private static let steps: [@Sendable (SQLDialect) -> [String]] = [
        Schema.version1, Schema.version2, Schema.version3, Schema.version4, Schema.version5, Schema.version6,
        Schema.version7, Schema.version8, Schema.version9, Schema.version10,
    ]

    /// The version that this Keyturn knows.
    static let supportedVersion = Schema.steps.count

    /// Applies the steps that are missing. A step makes nothing due and loses nothing (I5).
    ///
    /// - Throws: `StoreError.newerSchema`, before anything is changed.
    static func migrate(_ driver: any StoreDriver) async throws {
        let dialect = driver.dialect
        let found = try await driver.write { connection in
            try connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_steps (version \(dialect.integer) PRIMARY KEY) \(dialect.tableOptions)"
            )
            return try connection.query("SELECT COALESCE(MAX(version), 0) AS version FROM schema_steps").first?.count("version") ?? 0
        }
        guard found <= Self.supportedVersion else {
            throw StoreError.newerSchema(found: found, supported: Self.supportedVersion)
        }
        for (index, statements) in Self.steps.enumerated().dropFirst(found) {
            try await driver.write { connection in
                for statement in statements(dialect) { try connection.execute(statement) }
                try connection.execute("INSERT INTO schema_steps (version) VALUES (?)", index + 1)
            }
        }
    }
}
