import Foundation
import GRDB
import NIOConcurrencyHelpers
import SecretModel
import TestSupport
import Testing

@testable import Storage

/// What the writes that share one transaction of the embedded store may notice of each other: nothing.
@Suite struct GroupCommitTests {
    private struct Refusal: Error, Hashable {
        let number: Int
    }

    private let directory: ScratchDirectory
    private let path: String
    private let driver: SQLiteDriver
    private let store: Store

    init() async throws {
        self.directory = try ScratchDirectory("group")
        self.path = self.directory.path(of: "store.sqlite")
        self.driver = try SQLiteDriver(path: self.path)
        self.store = try await Store(driver: self.driver)
    }

    /// Submits the writes in their order while the writer is held up, so that all of them are one group.
    ///
    /// - Returns: How each of them ended.
    private func group(_ bodies: [@Sendable (StoreTransaction) throws -> Void]) async throws -> [Result<Void, any Error>] {
        let gate = DispatchSemaphore(value: 0)
        let isHeld = NIOLockedValueBox(false)
        let (driver, store) = (self.driver, self.store)
        return try await withThrowingTaskGroup(of: (Int, Result<Void, any Error>).self) { group in
            group.addTask {
                try await store.write { _ in
                    isHeld.withLockedValue { $0 = true }
                    gate.wait()
                }
                return (-1, .success(()))
            }
            defer { gate.signal() }
            try await eventually("the writer is held up") { isHeld.withLockedValue { $0 } }
            for (index, body) in bodies.enumerated() {
                group.addTask {
                    do { return (index, .success(try await store.write(body))) } catch { return (index, .failure(error)) }
                }
                try await eventually("write \(index) waits") { driver.writes.count == index + 1 }
            }
            gate.signal()
            var results = [Result<Void, any Error>](repeating: .success(()), count: bodies.count)
            for try await (index, result) in group where index >= 0 { results[index] = result }
            return results
        }
    }

    private func fact(_ number: Int) async throws -> [UInt8]? { try await self.store.read { try $0.fact("fact\(number)") } }

    /// Frames of the log that end a transaction: each is one sync of the disk (https://www.sqlite.org/fileformat2.html#walformat).
    private func commits() throws -> Int {
        let log = try Data(contentsOf: URL(fileURLWithPath: self.path + "-wal"))
        func word(_ offset: Int) -> Int { log[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        let frame = 24 + word(8)
        return stride(from: 32, through: log.count - frame, by: frame)
            .filter { word($0 + 4) != 0 && word($0 + 8) == word(16) && word($0 + 12) == word(20) }.count
    }

    @Test func `I12 a body that fails undoes only what it did itself`() async throws {
        let before = try self.commits()
        let results = try await self.group(
            (0..<50).map { number in
                { store in
                    try store.setFact("fact\(number)", [UInt8(number)])
                    if number % 3 == 0 { throw Refusal(number: number) }
                }
            }
        )
        for (number, result) in results.enumerated() {
            if number % 3 == 0 {
                #expect(throws: Refusal(number: number)) { try result.get() }
                #expect(try await self.fact(number) == nil)
            } else {
                try result.get()
                #expect(try await self.fact(number) == [UInt8(number)])
            }
        }
        #expect(try self.commits() == before + 1, "one sync carries the whole group")
    }

    @Test func `I12 a broken reference fails its own write, not the group`() async throws {
        let broken = StoreFixture.rotating("broken")
        let results = try await self.group([
            { try $0.setFact("fact0", [0]) },
            { store in
                var secret = broken
                secret.labels.attach(.current, to: StoreFixture.version("missing"))
                try store.insert(secret)
            },
            { try $0.setFact("fact2", [2]) },
        ])
        #expect(throws: StoreError.self) { try results[1].get() }
        #expect(try await self.store.read { try $0.secret(broken.arn) } == nil)
        for number in [0, 2] {
            try results[number].get()
            #expect(try await self.fact(number) == [UInt8(number)])
        }
    }

    @Test func bodiesRunInTheOrderInWhichTheyWereSubmitted() async throws {
        let results = try await self.group(
            (0..<20).map { number in
                { store in try store.setFact("order", (try store.fact("order") ?? []) + [UInt8(number)]) }
            }
        )
        for result in results { try result.get() }
        #expect(try await self.store.read { try $0.fact("order") } == (0..<20).map { UInt8($0) })
    }

    /// SQLite may end a transaction by itself; what the bodies after that wrote would be transactions of their own.
    @Test(arguments: [false, true])
    func `I12 a lost transaction fails the whole group and keeps nothing`(isNoticed: Bool) async throws {
        let results = try await self.group([
            { try $0.setFact("fact0", [0]) },
            { store in
                try store.setFact("fact1", [1])
                try store.sql.execute("ROLLBACK")
                if isNoticed { throw Refusal(number: 1) }
            },
            { try $0.setFact("fact2", [2]) },
        ])
        for number in 0..<3 {
            #expect(throws: StoreError.self) { try results[number].get() }
            #expect(try await self.fact(number) == nil)
        }
        try await self.store.write { try $0.setFact("fact9", [9]) }
        #expect(try await self.fact(9) == [9])
    }

    /// A worker that is told of a newer value abandons its run: it must not be told of one that the store does not have.
    @Test func `I12 nobody is refused because of a write that was lost`() async throws {
        let results = try await self.group([
            { try $0.setFact("fact0", [0]) },
            { store in if try store.fact("fact0") != nil { throw Refusal(number: 1) } },
            { try $0.sql.execute("ROLLBACK") },
        ])
        #expect(throws: StoreError.self) { try results[1].get() }
        #expect(try await self.fact(0) == nil)
    }

    @Test func `I12 a full disk keeps no write that it did not confirm`() async throws {
        try await self.driver.write { connection in
            let pages = try connection.query("PRAGMA page_count").first?.integer("page_count") ?? 0
            _ = try connection.query("PRAGMA max_page_count = \(pages + 4)")
        }
        let block = [UInt8](repeating: 7, count: 3_000)
        let results = try await self.group((0..<40).map { number in { try $0.setFact("fact\(number)", block) } })
        #expect(throws: StoreError.outOfSpace) { try results[39].get() }
        for (number, result) in results.enumerated() {
            switch result {
            case .success: #expect(try await self.fact(number) == block)
            case .failure: #expect(try await self.fact(number) == nil)
            }
        }
    }

    private final class RefusingObserver: TransactionObserver {
        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseWillCommit() throws { throw StoreError.outOfSpace }
        func databaseDidCommit(_ database: Database) {}
        func databaseDidRollback(_ database: Database) {}
    }

    @Test func `I2 a commit that fails confirms nothing and keeps nothing`() async throws {
        let queue = try DatabaseQueue()
        try await queue.write { try $0.execute(sql: "CREATE TABLE t (n INTEGER)") }
        let observer = RefusingObserver()
        queue.add(transactionObserver: observer)
        func write(_ number: Int) async throws {
            try await withCheckedThrowingContinuation { continuation in
                let write = WaitingWrite({ _ = try $0.execute("INSERT INTO t VALUES (?)", number) }, for: continuation)
                queue.asyncWriteWithoutTransaction { WriteGroup(writes: [write]).commit(on: $0) }
            }
        }
        await #expect(throws: StoreError.outOfSpace) { try await write(1) }
        #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM t") } == 0)
        queue.remove(transactionObserver: observer)
        try await write(2)
        #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT n FROM t") } == 2)
    }

    @Test func `I2 fewer syncs than transactions when many write at once, one each when alone`() async throws {
        let before = try self.commits()
        for number in 0..<5 { try await self.store.write { try $0.setFact("alone\(number)", [1]) } }
        #expect(try self.commits() == before + 5)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<300 { group.addTask { try await self.store.write { try $0.setFact("many\(number)", [1]) } } }
            try await group.waitForAll()
        }
        #expect(try self.commits() - before - 5 < 150)
    }
}
