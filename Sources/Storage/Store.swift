/// The store. A transaction's body is a synchronous closure: it cannot await, so it cannot hold a transaction open over a call to
/// the outside world (I6).
///
/// Cancelling the task that awaits does not interrupt a transaction: once begun it ends with commit or roll-back, so that the outcome
/// of a step is not lost because a daemon shuts down. Errors are `StoreError`, or whatever the body throws.
package struct Store: Sendable {
    private let driver: any StoreDriver

    /// Brings the schema up to date.
    ///
    /// - Throws: `StoreError.newerSchema`.
    init(driver: any StoreDriver) async throws {
        try await Schema.migrate(driver)
        self.driver = driver
    }

    private init(opened driver: any StoreDriver) {
        self.driver = driver
    }

    /// The same store, as a caller sees it through a gate.
    package func seen(through gate: StoreGate) -> Store {
        Store(opened: GatedDriver(base: self.driver, gate: gate))
    }

    /// Runs `body` on a consistent snapshot.
    package func read<Result: Sendable>(_ body: @escaping @Sendable (StoreReader) throws -> Result) async throws -> Result {
        try await self.driver.read { try body(StoreReader(access: StoreAccess(connection: $0))) }
    }

    /// Runs `body` in one transaction, which is on disk when this returns. An error thrown by `body` rolls everything back (I12)
    /// and is thrown on unchanged.
    @discardableResult
    package func write<Result: Sendable>(_ body: @escaping @Sendable (StoreTransaction) throws -> Result) async throws -> Result {
        try await self.driver.write { try body(StoreTransaction(access: StoreAccess(connection: $0))) }
    }

    /// Waits for running transactions, closes the connections and gives up the lock. Afterwards every call throws.
    package func close() throws {
        try self.driver.close()
    }
}

/// What can be read in a snapshot or a transaction: the statements are extensions of this protocol.
package protocol ReadableStore {
    var access: StoreAccess { get }
}

/// A snapshot. It must not leave the closure that got it.
package struct StoreReader: ReadableStore {
    package let access: StoreAccess
}

/// A transaction. It must not leave the closure that got it.
package struct StoreTransaction: ReadableStore {
    package let access: StoreAccess

    /// Runs `body` as a part of the transaction that may fail by itself: an error thrown by `body` undoes what it did, is thrown on
    /// unchanged, and leaves the transaction as it was before.
    package func separately<Result>(_ body: () throws -> Result) throws -> Result {
        try self.sql.savepoint(body)
    }
}

/// The connection behind a snapshot or transaction, closed to other rooms: they know nothing of SQL.
package struct StoreAccess {
    let connection: any SQLConnection
}

extension ReadableStore {
    var sql: any SQLConnection { self.access.connection }
}
