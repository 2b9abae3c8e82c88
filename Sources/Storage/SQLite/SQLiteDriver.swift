import GRDB
import NIOPosix

/// The embedded store: SQLite with a write-ahead log, one writer, readers on snapshots. One sync of the disk carries all writes that came
/// while the one before it was under way.
final class SQLiteDriver: StoreDriver {
    private let pool: DatabasePool
    private let lock: FileLock
    /// GRDB's own way to read without blocking the caller passes two of its queues, each with a thread to be woken.
    private let readers = NIOThreadPool(numberOfThreads: Configuration.ofStore.maximumReaderCount)
    let writes = WriteQueue(groupLimit: 256)

    let dialect = SQLDialect.sqlite

    /// - Throws: `StoreError.notOurs`, `.inUse`, `.outOfSpace`, or `.failed` with the cause.
    init(path: String) throws(StoreError) {
        let file = SQLiteFile(path: path)
        // Nothing is written beside a file that is not ours; whether it is there counts only under the lock.
        _ = try file.exists()
        self.lock = try FileLock(path: path + ".lock", for: path)
        if try !file.exists() { try file.create() }
        try file.makePrivate()
        do {
            self.pool = try DatabasePool(path: path, configuration: .ofStore)
            try self.pool.writeWithoutTransaction(Self.makeDurable)
        } catch {
            throw StoreError(sqlite: error)
        }
        self.readers.start()
    }

    deinit {
        self.readers.shutdownGracefully { _ in }
    }

    /// GRDB sets NORMAL on the writer after opening, which may lose the last commits when the power fails: by then a password at a
    /// target may have changed (I2). So FULL is set last, and not believed but read back.
    private static func makeDurable(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        let keys = try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
        guard level == 2, journal == "wal", keys == 1 else {
            throw StoreError.failed("SQLite does not keep the store durably: its file system may not support a write-ahead log")
        }
    }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { [pool] continuation in
            self.readers.submit { state in
                guard state == .active else { return continuation.resume(throwing: StoreError.failed("the store is closed")) }
                continuation.resume(with: StoreError.outcome { try pool.unsafeRead { try SQLiteConnection(database: $0).snapshot(body) } })
            }
        }
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            if self.writes.submit(WaitingWrite(body, for: continuation)) { Self.serve(self.writes, on: self.pool) }
        }
    }

    /// Commits group after group on the writer's thread until nothing waits. It does not hold the driver, whose lock goes when its owner
    /// lets it go.
    private static func serve(_ writes: WriteQueue, on pool: DatabasePool) {
        pool.asyncWriteWithoutTransaction { database in
            writes.takeGroup().commit(on: database)
            if writes.hasMore() { self.serve(writes, on: pool) }
        }
    }

    func close() throws {
        do {
            try self.pool.close()
        } catch {
            throw StoreError(sqlite: error)
        }
        self.readers.shutdownGracefully { _ in }
        self.lock.release()
    }
}
