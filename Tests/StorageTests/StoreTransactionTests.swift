import SecretModel
import Testing

@testable import Storage

/// What a transaction promises on every driver.
@Suite struct StoreTransactionTests {
    typealias Fixture = StoreFixture

    private struct Refusal: Error, Hashable {
        let reason: String
    }

    private func count(_ fixture: StoreFixture) async throws -> Int {
        try await fixture.store.read { try $0.secrets(in: Fixture.scope, includingDeleted: true).count }
    }

    @Test(arguments: TestedDriver.allCases)
    func `I12 an error of the body undoes everything and comes out unchanged`(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("before")], in: driver)
        await #expect(throws: Refusal(reason: "no")) {
            try await fixture.store.write { store in
                try store.insert(Fixture.secret("half"))
                try store.setFact("half", [1])
                try store.delete(Fixture.arn("before"))
                throw Refusal(reason: "no")
            }
        }
        #expect(try await self.count(fixture) == 1)
        #expect(try await fixture.store.read { try $0.secret(Fixture.arn("before")) } != nil)
        #expect(try await fixture.store.read { try $0.fact("half") } == nil)
        await #expect(throws: Refusal(reason: "read")) { try await fixture.store.read { _ in throw Refusal(reason: "read") } }
    }

    @Test(arguments: TestedDriver.allCases)
    func `I12 a refusal at the commit undoes everything`(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var secret = Fixture.secret("labelled")
        secret.labels.attach(.current, to: Fixture.version("missing"))
        let broken = secret
        await #expect(throws: StoreError.self) {
            try await fixture.store.write { store in
                try store.insert(Fixture.secret("half"))
                try store.insert(broken)
            }
        }
        #expect(try await self.count(fixture) == 0)
        // The connection is good for the next transaction.
        try await fixture.store.write { try $0.insert(Fixture.secret("after")) }
        #expect(try await self.count(fixture) == 1)
    }

    @Test(arguments: TestedDriver.allCases)
    func `I12 a part of a transaction fails by itself`(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var secret = Fixture.secret("broken")
        secret.labels.attach(.current, to: Fixture.version("missing"))
        let broken = secret
        try await fixture.store.write { store in
            try store.insert(Fixture.secret("whole"))
            #expect(throws: Refusal(reason: "no")) {
                try store.separately {
                    try store.insert(Fixture.secret("half"))
                    try store.separately { try store.setFact("half", [1]) }
                    throw Refusal(reason: "no")
                }
            }
            #expect(throws: StoreError.self) { try store.separately { try store.insert(broken) } }
            #expect(throws: StoreError.self) { try store.separately { try store.sql.execute("INSERT INTO nowhere VALUES (1)") } }
            #expect(try store.separately { try store.fact("half") } == nil)
            try store.separately { try store.setFact("part", [2]) }
        }
        #expect(try await self.count(fixture) == 1)
        #expect(try await fixture.store.read { try $0.fact("part") } == [2])
    }

    @Test(arguments: TestedDriver.allCases)
    func aSnapshotChangesNothing(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("before")], in: driver)
        await #expect(throws: StoreError.self) {
            try await fixture.store.read { try $0.sql.execute("DELETE FROM secrets") }
        }
        #expect(try await self.count(fixture) == 1)
    }

    @Test(arguments: TestedDriver.allCases)
    func manyParallelWritersLoseNothing(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("counter")], in: driver)
        try await withThrowingTaskGroup { group in
            for number in 0..<100 {
                group.addTask {
                    try await fixture.store.write { store in
                        var secret = try #require(try store.secret(Fixture.arn("counter")))
                        secret.description = String((Int(secret.description ?? "0") ?? 0) + 1)
                        try store.update(secret)
                        try store.insert(Fixture.secret("s\(number)"))
                    }
                    // What is written is there for whoever reads next, on another connection.
                    let found = try await fixture.store.read { try $0.secret(Fixture.arn("s\(number)")) }
                    #expect(found != nil)
                }
            }
            try await group.waitForAll()
        }
        let counter = try await fixture.store.read { try $0.secret(Fixture.arn("counter")) }
        #expect(counter?.description == "100")
        #expect(counter?.revision == 100)
        #expect(try await self.count(fixture) == 101)
    }

    @Test(arguments: TestedDriver.allCases)
    func aCancelledTaskStillCommits(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await fixture.store.write { try $0.setFact("outcome", [1]) }
        }
        try await task.value
        #expect(try await fixture.store.read { try $0.fact("outcome") } == [1])
    }

    @Test(arguments: TestedDriver.allCases)
    func everyKindOfValueComesBack(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        let texts = ["", "'; DROP TABLE secrets; --", "e\u{301} is not \u{e9}", "line\r\nbreak", String(repeating: "x", count: 70_000)]
        for text in texts {
            let integers: [Int64] = [.min, -1, 0, .max]
            let row = try #require(
                try await fixture.driver.write { connection in
                    try connection.query("SELECT ? AS a, ? AS b, ? AS c, ? AS d", integers.map(\.sqlValue)).map { row in
                        try ["a", "b", "c", "d"].map { name in try row.integer(name) }
                    }.first
                }
            )
            #expect(row == integers)
            let answer = try await fixture.driver.read { connection in
                try connection.query("SELECT ? AS text, ? AS bytes, ? AS missing", text, Array(text.utf8), String?.none).map { row in
                    (try row.text("text"), try row.bytes("bytes"), try row.optionalText("missing"))
                }
            }
            let (found, bytes, missing) = try #require(answer.first)
            #expect(Array(found.utf8) == Array(text.utf8))
            #expect(bytes == Array(text.utf8))
            #expect(missing == nil)
        }
        await #expect(throws: StoreError.self) {
            try await fixture.driver.write { try $0.query("SELECT ? AS text", "cut\u{0}short").count }
        }
    }

    @Test(arguments: TestedDriver.allCases)
    func aClosedStoreSaysSo(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        try fixture.store.close()
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.setFact("late", []) } }
        await #expect(throws: StoreError.self) { try await fixture.store.read { try $0.fact("late") } }
    }
}
