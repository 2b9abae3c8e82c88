import GRDB
import NIOConcurrencyHelpers

/// A store without a file, for simulations: it lasts as long as the driver, and nothing of it is durable.
///
/// Reads and writes run on the thread of the caller, under a lock. So a simulation whose tasks share one thread takes the same course
/// with the same seed: no other queue decides who comes next.
final class SQLiteMemoryDriver: StoreDriver {
    /// `nil` once the store is closed: GRDB itself does not survive reading from a closed queue.
    private let queue: NIOLockedValueBox<DatabaseQueue?>

    let dialect = SQLDialect.sqlite

    init() throws(StoreError) {
        do {
            self.queue = NIOLockedValueBox(try DatabaseQueue(configuration: .ofStore))
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        // One caller at a time: what a snapshot would be for holds by itself, and costs most of a small read.
        try self.inline { queue in try queue.unsafeRead { try body(SQLiteConnection(database: $0, isSnapshot: true)) } }
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try self.inline { queue in try queue.write { try body(SQLiteConnection(database: $0)) } }
    }

    /// Synchronous, so that within it `read` and `write` are those of GRDB's that stay on the caller's thread.
    private func inline<Success>(_ work: (DatabaseQueue) throws -> Success) throws -> Success {
        try self.queue.withLockedValue { queue in
            guard let queue else { throw StoreError.failed("the store is closed") }
            return try StoreError.outcome { try work(queue) }.get()
        }
    }

    func close() throws {
        self.queue.withLockedValue { $0 = nil }
    }
}
