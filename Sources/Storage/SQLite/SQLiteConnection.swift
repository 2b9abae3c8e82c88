import GRDB
import GRDBSQLite

/// A GRDB connection inside one of its closures.
struct SQLiteConnection: SQLConnection {
    let database: Database
    /// Where SQLite itself would let a snapshot write.
    var isSnapshot = false

    @discardableResult
    func execute(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) -> Int {
        try self.run(statement, parameters) { _ in }
        return self.database.changesCount
    }

    func query(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) -> [SQLRow] {
        var rows: [SQLRow] = []
        try self.run(statement, parameters) { rows.append(SQLRow($0)) }
        return rows
    }

    /// Steps through a statement by SQLite's own functions. GRDB prepares it once for each connection and keeps it; what it does beside that
    /// for each execution and each row, for observers that the store does not have, takes longer than SQLite itself.
    private func run(_ text: String, _ parameters: [SQLValue], take: (Statement) -> Void) throws(StoreError) {
        do {
            let prepared = try self.database.cachedStatement(sql: text)
            let statement = prepared.sqliteStatement
            // A query may change something too (`RETURNING`).
            guard !self.isSnapshot || sqlite3_stmt_readonly(statement) != 0 else {
                throw StoreError.failed("nothing can be changed in a snapshot")
            }
            defer { sqlite3_reset(statement) }
            try Self.bind(parameters, to: statement)
            while true {
                switch sqlite3_step(statement) {
                case SQLITE_ROW: take(prepared)
                case SQLITE_DONE: return
                case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: self.database.lastErrorMessage)
                }
            }
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    private static func bind(_ parameters: [SQLValue], to statement: SQLiteStatement) throws {
        guard parameters.count == sqlite3_bind_parameter_count(statement) else {
            throw StoreError.failed("a statement has other parameters than values")
        }
        for (index, value) in zip(CInt(1)..., parameters) {
            let code = try value.bind(to: statement, at: index)
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        }
    }

    /// Runs `body` on a snapshot in which nothing can be changed. GRDB's own way compiles the two statements around it each time.
    func snapshot<Result>(_ body: (any SQLConnection) throws -> Result) throws -> Result {
        try self.execute("BEGIN DEFERRED", [])
        do {
            let result = try body(SQLiteConnection(database: self.database, isSnapshot: true))
            try self.execute("COMMIT", [])
            return result
        } catch {
            if self.database.isInsideTransaction { try self.execute("ROLLBACK", []) }
            throw error
        }
    }

    func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try self.execute("SAVEPOINT part", [])
        do {
            let result = try body()
            try self.checkReferences()
            try self.execute("RELEASE part", [])
            return result
        } catch {
            try self.undoPart()
            throw error
        }
    }

    /// On a full disk and input/output errors SQLite may have ended the whole transaction by itself. Where the part cannot be undone, the
    /// whole is given up: half of the part must not be kept.
    private func undoPart() throws {
        guard self.database.isInsideTransaction else { return }
        do {
            try self.execute("ROLLBACK TO part", [])
            try self.execute("RELEASE part", [])
        } catch {
            try self.database.rollback()
        }
    }

    /// Foreign keys wait for the commit, where one that is broken would fail the whole transaction; asked here, it fails only its part.
    ///
    /// SQLITE_DBSTATUS_DEFERRED_FKS (https://www.sqlite.org/c3ref/c_dbstatus_options.html) is zero if and only if all are resolved.
    private func checkReferences() throws(StoreError) {
        var (broken, highest): (CInt, CInt) = (0, 0)
        let code = sqlite3_db_status(self.database.sqliteConnection, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &highest, 0)
        guard code == SQLITE_OK else { throw StoreError.failed("SQLite error \(code): the foreign keys cannot be checked") }
        guard broken == 0 else { throw StoreError.failed("the write would leave a row that refers to another one that is not there") }
    }
}
