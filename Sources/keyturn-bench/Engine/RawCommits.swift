import GRDB
import TestSupport

/// What a disk takes of commits with one row each: SQLite as the store sets it up (a write-ahead log, `synchronous=FULL`), one writer.
struct RawCommits {
    private let queue: DatabasePool

    init(in directory: String) throws {
        self.queue = try DatabasePool(path: "\(directory)/raw.db")
        try self.queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
            guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else { throw FixtureError("SQLite does not sync its commits") }
        }
    }

    func perSecond(_ count: Int) throws -> Double {
        let text = String(repeating: "x", count: 200)
        let start = ContinuousClock.now
        try self.queue.writeWithoutTransaction { database in
            for _ in 0..<count {
                try database.inTransaction {
                    try database.cachedStatement(sql: "INSERT INTO rows (text) VALUES (?)").execute(arguments: [text])
                    return .commit
                }
            }
        }
        return Double(count) / ((ContinuousClock.now - start) / .seconds(1))
    }
}
