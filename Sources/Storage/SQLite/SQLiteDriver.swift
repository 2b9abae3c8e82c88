import GRDB

/// The embedded store: SQLite with a write-ahead log, one writer, readers on snapshots.
final class SQLiteDriver: StoreDriver {
    private let pool: DatabasePool
    private let lock: FileLock

    let dialect = SQLDialect(integer: "INTEGER", bytes: "BLOB", tableOptions: "STRICT")

    /// - Throws: `StoreError.notOurs`, `.inUse`, `.outOfSpace`, or `.failed` with the cause.
    init(path: String) throws(StoreError) {
        let file = SQLiteFile(path: path)
        // Nothing is written beside a file that is not ours; whether it is there counts only under the lock.
        _ = try file.exists()
        self.lock = try FileLock(path: path + ".lock", for: path)
        if try !file.exists() { try file.create() }
        try file.makePrivate()
        do {
            self.pool = try DatabasePool(path: path, configuration: Self.configuration())
            try self.pool.writeWithoutTransaction(Self.makeDurable)
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "keyturn.store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // Sorting must not spill rows into temporary files elsewhere.
            try database.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// GRDB sets NORMAL on the writer after opening, which may lose the last commits when the power fails: by then a password at a
    /// target may have changed (I2). So FULL is set last, and not believed but read back.
    private static func makeDurable(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        let keys = try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
        guard level == 2, journal == "wal", keys == 1 else {
            throw StoreError.failed("SQLite does not keep the store durably: its file system may not support a write-ahead log")
        }
    }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            self.pool.asyncRead { access in
                continuation.resume(with: Self.outcome { try body(SQLiteConnection(database: try access.get())) })
            }
        }
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            self.pool.asyncWrite {
                try body(SQLiteConnection(database: $0))
            } completion: { _, result in
                continuation.resume(with: Self.outcome { try result.get() })
            }
        }
    }

    /// GRDB's own errors (commit, snapshot) become the store's; those of the body pass.
    private static func outcome<Success>(_ work: () throws -> Success) -> Result<Success, any Error> {
        do {
            return .success(try work())
        } catch let error as DatabaseError {
            return .failure(StoreError(sqlite: error))
        } catch {
            return .failure(error)
        }
    }

    func close() throws {
        do {
            try self.pool.close()
        } catch {
            throw StoreError(sqlite: error)
        }
        self.lock.release()
    }
}
