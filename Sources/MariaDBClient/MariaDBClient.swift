package import BlockingCalls

/// libmariadb as Swift: conversations with deadlines and typed errors, on threads of their own, because libmariadb blocks.
package final class MariaDBClient: Sendable {
    private let threads: BlockingThreads

    /// - Parameter threads: One for each conversation; more wait their turn, and a long wait looks like a silent server.
    package init(_ threads: BlockingThreads) {
        self.threads = threads
    }

    /// A client with threads of its own.
    package convenience init(threads: Int = 8) {
        self.init(BlockingThreads(atMost: threads))
    }

    /// Logs in, runs the body, and closes. The connection never leaves its thread.
    ///
    /// Cancelling the task does not interrupt a wait; the deadline does.
    /// - Throws: ``MariaDBError`` from the login, or what the body throws.
    package func withConnection<Result: Sendable>(
        _ login: MariaDBLogin,
        deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (borrowing MariaDBConnection) throws -> Result
    ) async throws -> Result {
        try await self.threads.run {
            let connection = try MariaDBConnection.open(login, deadline: deadline)
            return try body(connection)
        }
    }
}
