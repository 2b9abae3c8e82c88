import Foundation
import GRDB
import GRDBSQLite

/// A GRDB connection inside one of its closures.
struct SQLiteConnection: SQLConnection {
    let database: Database
    /// Where SQLite itself would let a snapshot write.
    var isSnapshot = false

    @discardableResult
    func execute(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) -> Int {
        guard !self.isSnapshot else { throw StoreError.failed("nothing can be changed in a snapshot") }
        do {
            try self.database.cachedStatement(sql: statement).execute(arguments: try Self.arguments(parameters))
            return self.database.changesCount
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    func query(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) -> [SQLRow] {
        do {
            let prepared = try self.database.cachedStatement(sql: statement)
            let cursor = try Row.fetchCursor(prepared, arguments: try Self.arguments(parameters))
            let columns = Dictionary(prepared.columnNames.enumerated().map { ($1, $0) }) { first, _ in first }
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                rows.append(SQLRow(columns: columns, values: row.databaseValues.map(SQLValue.init)))
            }
            return rows
        } catch {
            throw StoreError(sqlite: error)
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

    /// Text with a NUL would be cut short silently by the C interface, and PostgreSQL cannot keep it at all.
    private static func arguments(_ parameters: [SQLValue]) throws -> StatementArguments {
        guard !parameters.contains(where: { $0.text?.utf8.contains(0) ?? false }) else {
            throw StoreError.failed("a text holds the character NUL, which the store cannot keep")
        }
        return StatementArguments(parameters.map(\.databaseValue))
    }
}

extension SQLValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        // No column is a real number; only a pragma or an expression could answer one.
        case .double(let number): self = .text(String(number))
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob(Array(data))
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .integer(let value): value.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        case .null: .null
        }
    }
}
