import Foundation
import SecretModel
import TestSupport
import Testing

@testable import Storage

/// What is true of the embedded store only: its file, its lock, its durability.
@Suite struct SQLiteStoreTests {
    typealias Fixture = StoreFixture
    private let directory: ScratchDirectory
    private let path: String

    init() throws {
        self.directory = try ScratchDirectory("sqlite")
        self.path = self.directory.path(of: "store.sqlite")
    }

    private func contents(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test func `I2 every commit is synced to disk`() async throws {
        let driver = try SQLiteDriver(path: self.path)
        for _ in 0..<2 {
            let pragmas = try await driver.write { connection in
                try ["synchronous", "foreign_keys"].map { try connection.query("PRAGMA \($0)").first?.integer($0) }
            }
            #expect(pragmas == [2, 1])
            let journal = try await driver.write { try $0.query("PRAGMA journal_mode").first?.text("journal_mode") }
            #expect(journal == "wal")
        }
    }

    @Test func `I2 what a write returned is there after the process dies`() async throws {
        let store = try await Store.open(path: self.path)
        try await store.write { try $0.insert(Fixture.secret("survivor")) }
        // The files as a crash leaves them: nothing was closed, nothing checkpointed.
        let copy = self.directory.path(of: "copy.sqlite")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: self.path + suffix, toPath: copy + suffix)
        }
        let after = try await Store.open(path: copy)
        #expect(try await after.read { try $0.secret(Fixture.arn("survivor")) } == Fixture.secret("survivor"))
        try store.close()
    }

    @Test func valuesComeBackAsTheyWereGiven() async throws {
        let values: [SQLValue] = [
            .text(""), .text("a"), .text("fifteen bytes.."), .text(String(repeating: "\u{e9}", count: 5_000)), .blob([]), .blob([0]),
            .blob(Array(repeating: 7, count: 70_000)), .integer(.min), .integer(.max), .null,
        ]
        let driver = try SQLiteDriver(path: self.path)
        for value in values {
            let row = try await driver.write { try $0.query("SELECT ? AS value, typeof(?) AS type", value, value).first }
            #expect(try row?.value("value") == value)
            let type =
                switch value {
                case .text: "text"
                case .blob: "blob"
                case .integer: "integer"
                case .null: "null"
                }
            #expect(try row?.text("type") == type)
        }
        for text in ["\u{0}", "a\u{0}b", String(repeating: "a", count: 40) + "\u{0}"] {
            await #expect(throws: StoreError.failed("a text holds the character NUL, which the store cannot keep")) {
                _ = try await driver.write { try $0.query("SELECT ? AS value", text) }
            }
        }
    }

    @Test func aStoreInUseIsNotOpenedTwice() async throws {
        let store = try await Store.open(path: self.path)
        await #expect(throws: StoreError.inUse(path: self.path)) { _ = try await Store.open(path: self.path) }
        try store.close()
        try await Store.open(path: self.path).close()
    }

    @Test func aStoreThatIsLetGoCanBeOpenedAgain() async throws {
        for _ in 0..<3 {
            let store = try await Store.open(path: self.path)
            try await store.write { try $0.setFact("turn", [1]) }
        }
    }

    @Test(arguments: ["text", "random bytes", "short", "another database", "a directory"])
    func aFileThatIsNotOursIsRefusedAndLeftAlone(kind: String) async throws {
        switch kind {
        case "text": try self.directory.write(String(repeating: "not a database ", count: 100), to: "store.sqlite")
        case "random bytes": try Data((0..<8192).map { UInt8($0 * 7919 % 251) }).write(to: URL(fileURLWithPath: self.path))
        case "short": try self.directory.write("SQLite format 3\0", to: "store.sqlite")
        case "a directory": try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        default:
            let store = try await Store.open(path: self.path)
            try store.close()
            var bytes = try self.contents(self.path)
            bytes.replaceSubrange(68..<72, with: [0, 0, 0, 0])
            try bytes.write(to: URL(fileURLWithPath: self.path))
            try FileManager.default.removeItem(atPath: self.path + ".lock")
        }
        let before = kind == "a directory" ? nil : try self.contents(self.path)
        do {
            _ = try await Store.open(path: self.path)
            Issue.record("opened \(kind)")
        } catch StoreError.notOurs(let path, let reason) {
            #expect(path == self.path)
            #expect(reason.hasPrefix("it is "))
        }
        if let before { #expect(try self.contents(self.path) == before) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.directory.path) == ["store.sqlite"])
    }

    @Test func aNewerSchemaIsRefusedAndLeftAlone() async throws {
        func contents(of driver: SQLiteDriver) async throws -> [String] {
            try await driver.read { connection in
                try connection.query("SELECT name || COALESCE(sql, '') AS line FROM sqlite_schema ORDER BY name").map {
                    try $0.text("line")
                }
                    + connection.query("SELECT version FROM schema_steps ORDER BY version").map { String(try $0.integer("version")) }
            }
        }
        let driver = try SQLiteDriver(path: self.path)
        _ = try await Store(driver: driver)
        _ = try await driver.write { try $0.execute("INSERT INTO schema_steps (version) VALUES (?)", 99) }
        let before = try await contents(of: driver)
        try driver.close()
        for _ in 0..<2 {
            await #expect(throws: StoreError.newerSchema(found: 99, supported: Schema.supportedVersion)) {
                _ = try await Store.open(path: self.path)
            }
        }
        #expect(try await contents(of: SQLiteDriver(path: self.path)) == before)
    }

    @Test func anEmptyFileBecomesAStore() async throws {
        try self.directory.write("", to: "store.sqlite")
        try await Store.open(path: self.path).close()
        let header = try self.contents(self.path).prefix(100)
        #expect(Array(header[68..<72]) == Array("KeyT".utf8))
    }

    @Test func aCreationThatWasCutShortIsBegunAgain() async throws {
        for name in ["store.sqlite.new", "store.sqlite.new-journal"] { try self.directory.write("remnant", to: name) }
        try await Store.open(path: self.path).close()
        let left = try FileManager.default.contentsOfDirectory(atPath: self.directory.path)
        #expect(Set(left) == ["store.sqlite", "store.sqlite.lock"])
    }

    @Test func `I1 a log without its store is not mixed into a new one`() async throws {
        let store = try await Store.open(path: self.path)
        try await store.write { try $0.insert(Fixture.secret("copy")) }
        let log = try self.contents(self.path + "-wal")
        try store.close()
        try FileManager.default.removeItem(atPath: self.path)
        try log.write(to: URL(fileURLWithPath: self.path + "-wal"))
        do {
            _ = try await Store.open(path: self.path)
            Issue.record("opened")
        } catch StoreError.failed(let text) {
            #expect(text.contains("store.sqlite-wal"))
        }
        #expect(try self.contents(self.path + "-wal") == log)
        #expect(!FileManager.default.fileExists(atPath: self.path))
    }

    @Test func aDirectoryThatCannotBeWrittenIsNamed() async throws {
        for path in ["/proc/keyturn/store.sqlite", self.directory.path(of: "missing/store.sqlite")] {
            do {
                _ = try await Store.open(path: path)
                Issue.record("opened \(path)")
            } catch StoreError.failed(let text) {
                #expect(text.contains(path))
                #expect(text.contains("No such file or directory"))
            }
        }
    }

    @Test func nobodyElseMayReadTheFiles() async throws {
        let store = try await Store.open(path: self.path)
        try await store.write { try $0.setFact("a", [1]) }
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: self.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
        try store.close()
    }

    @Test func `I12 a full disk is told apart and nothing is kept`() async throws {
        let driver = try SQLiteDriver(path: self.path)
        let store = try await Store(driver: driver)
        try await driver.write { connection in
            let pages = try connection.query("PRAGMA page_count").first?.integer("page_count") ?? 0
            _ = try connection.query("PRAGMA max_page_count = \(pages + 2)")
        }
        let block = [UInt8](repeating: 7, count: 3_000)
        await #expect(throws: StoreError.outOfSpace) {
            try await store.write { store in
                for number in 0..<100 { try store.setFact("fact\(number)", block) }
            }
        }
        #expect(try await store.read { try $0.fact("fact0") } == nil)
        try await store.write { try $0.setFact("small", [1]) }
        #expect(try await store.read { try $0.fact("small") } == [1])
    }

    @Test func aDamagedStoreIsCalledDamaged() async throws {
        let store = try await Store.open(path: self.path)
        try store.close()
        var bytes = try self.contents(self.path)
        bytes.replaceSubrange(100..<4096, with: Data(repeating: 0xff, count: 3996))
        try bytes.write(to: URL(fileURLWithPath: self.path))
        do {
            _ = try await Store.open(path: self.path)
            Issue.record("opened a damaged store")
        } catch StoreError.failed(let text) {
            #expect(text.contains("damaged"))
        }
    }
}
