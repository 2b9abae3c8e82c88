/// What stands between a store and one of its callers: it can cut the caller off, or fail its transactions. Simulations kill, pause and
/// starve one of several callers of a store by it.
package struct StoreGate: Sendable {
    /// What a transaction may do.
    package enum Access: Hashable, Sendable {
        case read, write
    }

    fileprivate let willBegin: @Sendable (Access) async throws -> Void
    fileprivate let didCommit: @Sendable (Access) async throws -> Void

    /// - Parameters:
    ///   - willBegin: Awaited before each transaction. If it throws, the transaction does not happen, and the caller gets the error.
    ///   - didCommit: Awaited after each one that was committed. If it throws, the caller does not learn that it was.
    package init(
        willBegin: @escaping @Sendable (Access) async throws -> Void,
        didCommit: @escaping @Sendable (Access) async throws -> Void
    ) {
        self.willBegin = willBegin
        self.didCommit = didCommit
    }
}

/// Another driver, seen through a gate.
struct GatedDriver: StoreDriver {
    let base: any StoreDriver
    let gate: StoreGate

    var dialect: SQLDialect { self.base.dialect }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try await self.gate.willBegin(.read)
        let result = try await self.base.read(body)
        try await self.gate.didCommit(.read)
        return result
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try await self.gate.willBegin(.write)
        let result = try await self.base.write(body)
        try await self.gate.didCommit(.write)
        return result
    }

    func close() throws {
        try self.base.close()
    }
}
