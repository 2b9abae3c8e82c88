package import BlockingCalls

/// libpq as Swift: logins and statements with deadlines and typed errors, on threads of their own, because libpq blocks.
package final class PostgresClient: Sendable {
    private let threads: BlockingThreads

    /// - Parameter threads: One for each connection in use; more wait their turn.
    package init(_ threads: BlockingThreads) {
        self.threads = threads
    }

    /// A client with threads of its own.
    package convenience init(threads: Int = 8) {
        self.init(BlockingThreads(atMost: threads))
    }

    /// Logs in, runs `body` on the connection, and closes it. The connection never leaves its thread.
    ///
    /// Cancelling the task or reaching the deadline closes the connection; a statement that was under way may then have been carried out
    /// (`isOutcomeUnknown`), and the server ends it by itself before the deadline (`statement_timeout`, I7). Only name resolution can overrun the
    /// deadline, by the resolver's own limits.
    package func withConnection<Result: Sendable>(
        to login: PostgresLogin,
        deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (borrowing PostgresConnection) throws(PostgresError) -> Result
    ) async throws(PostgresError) -> Result {
        let limits = OperationLimits(deadline: deadline)
        let outcome: Swift.Result<Result, PostgresError>
        do {
            outcome = try await withTaskCancellationHandler {
                try await self.threads.run {
                    Swift.Result { () throws(PostgresError) -> Result in
                        let connection = try PostgresConnection.open(login, limits: limits)
                        return try body(connection)
                    }
                }
            } onCancel: {
                limits.cancel()
            }
        } catch {
            // The pool throws when the task is cancelled before a thread was free.
            throw PostgresError(.cancelled, "the operation was cancelled")
        }
        return try outcome.get()
    }
}
