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
        case .integer(let value): return sqlite3_bind_int64(statement, index, value)
        case .null: return sqlite3_bind_null(statement, index)
        case .blob(let bytes):
            // A value without bytes may have no address, which SQLite would take for NULL.
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
            return bytes.withUnsafeBytes { sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), Self.copied) }
        case .text(var text):
            guard !text.isEmpty else { return "".bind(to: statement, at: index) }
            let code = text.withUTF8 { bytes in
                bytes.baseAddress.flatMap { memchr($0, 0, bytes.count) } == nil ? Self.bind(bytes, to: statement, at: index) : nil
            }
            guard let code else { throw StoreError.failed("a text holds the character NUL, which the store cannot keep") }
            return code
        }
    }

    private static func bind(_ text: UnsafeBufferPointer<UInt8>, to statement: SQLiteStatement, at index: CInt) -> CInt {
        text.withMemoryRebound(to: CChar.self) { text in
            sqlite3_bind_text(statement, index, text.baseAddress, CInt(text.count), Self.copied)
        }
    }

    /// SQLITE_TRANSIENT, which Swift cannot import: SQLite copies the bytes before it returns.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
