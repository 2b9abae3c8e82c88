/// One database engine under the store. Drivers differ in how they connect, lock and report errors; statements do not.
protocol StoreDriver: Sendable {
    var dialect: SQLDialect { get }

    /// Runs `body` on a snapshot in which nothing can be changed.
    func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result

    /// Runs `body` in a transaction that is serialized against all other writers; durable when this returns. Rolls back when `body` throws.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result

    func close() throws
}

/// A connection inside a transaction: valid only in the closure that got it.
///
/// Statements use `?` for parameters and only what SQLite 3.40 and PostgreSQL both accept. A statement that fails throws `StoreError`;
/// the transaction, or the savepoint, is then good for nothing but roll-back (PostgreSQL's rule, kept on every engine).
protocol SQLConnection {
    /// - Returns: How many rows changed.
    @discardableResult
    func execute(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) -> Int

    func query(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) -> [SQLRow]

    /// Runs `body` as a part of the transaction: if it throws, or would leave a broken reference, what it did is undone, and the
    /// transaction is as good as before.
    func savepoint<Result>(_ body: () throws -> Result) throws -> Result
}

/// The words in which engines differ when tables are made.
struct SQLDialect: Hashable, Sendable {
    /// The type of a 64-bit integer.
    let integer: String
    /// The type of a string of bytes.
    let bytes: String
    /// The literal of an empty string of bytes.
    let noBytes: String
    /// What follows the parenthesis of `CREATE TABLE`.
    let tableOptions: String
}
