import Foundation
import GRDB
import GRDBSQLite

extension SQLRow {
    /// The row that the statement stands on.
    init(_ statement: Statement) {
        let columns = 0..<sqlite3_column_count(statement.sqliteStatement)
        self.init(names: statement.columnNames, values: columns.map { SQLValue(column: $0, of: statement.sqliteStatement) })
    }
}

extension SQLValue {
    fileprivate init(column: CInt, of statement: SQLiteStatement) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL: self = .null
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
        case SQLITE_BLOB:
            // SQLite asks for the bytes before their count; of an empty value there are none.
            let start = sqlite3_column_blob(statement, column)
            self = .blob(Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))))
        // No column is a real number; only a pragma or an expression could answer one, here as its text.
        default: self = .text(String(sqliteStatement: statement, index: column))
        }
    }

    /// Text with a NUL would be cut short silently by the C interface, and PostgreSQL cannot keep it at all.
    ///
    /// - Returns: SQLite's result code.
    func bind(to statement: SQLiteStatement, at index: CInt) throws(StoreError) -> CInt {
        switch self {
        case .integer(let value): return value.bind(to: statement, at: index)
        case .blob(let bytes): return Data(bytes).bind(to: statement, at: index)
        case .null: return sqlite3_bind_null(statement, index)
        case .text(let text):
            guard text.withCString(strlen) == text.utf8.count else {
                throw StoreError.failed("a text holds the character NUL, which the store cannot keep")
            }
            return text.bind(to: statement, at: index)
        }
    }
}
