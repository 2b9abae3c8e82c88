import Foundation
import TestSupport
import Testing

/// Each fault, seen from psql: whether the server acted, and what the client got to know.
@Suite(.timeLimit(.minutes(10))) struct FaultProxyTests {
    private struct Site {
        let server: PostgresServer
        let proxy: FaultProxy
        let table = PostgresServer.uniqueName("through_proxy")

        init() async throws {
            self.server = try await PostgresServer.shared()
            self.proxy = try FaultProxy(to: self.server.port, speaking: .postgres)
            try await self.server.sql("CREATE TABLE \(self.table) (id int)")
        }

        /// One connection that inserts a row, and says so.
        func insert() async throws -> String {
            try await Tool.run(
                [
                    "psql", "-XqAt", "-h", "127.0.0.1", "-p", "\(self.proxy.port)", "-U", "postgres", "-d", "postgres", "-c",
                    "INSERT INTO \(self.table) VALUES (1) RETURNING id",
                ],
                environment: ["PGPASSWORD": PostgresServer.superuserPassword, "PGSSLMODE": "disable", "PGCONNECT_TIMEOUT": "5"]
            ).filter { $0 != "\n" }
        }

        func rows() async throws -> Int { Int(try await self.server.sql("SELECT count(*) FROM \(self.table)")) ?? -1 }

        /// The call that is the insertion: the last but one, before the good-bye.
        func placesOfAnInsertion() async throws -> (request: NetworkFault.Place, answer: NetworkFault.Place, bytes: Int) {
            self.proxy.arm(nil)
            _ = try await self.insert()
            let places = self.proxy.places
            let number = places.count { if case .request = $0 { true } else { false } } - 1
            #expect(places.contains(.answer(number)))
            return (.request(number), .answer(number), self.proxy.bytes.requests)
        }
    }

    @Test func withoutAFaultEverythingGoesThrough() async throws {
        let site = try await Site()
        #expect(try await site.insert() == "1")
        #expect(!site.proxy.hasStruck)
        #expect(site.proxy.places.first == .request(1))
    }

    @Test func aCutRequestNeverReachesTheServerAndACutAnswerDoes() async throws {
        let site = try await Site()
        let places = try await site.placesOfAnInsertion()
        site.proxy.arm(NetworkFault(.cut, at: places.request))
        await #expect(throws: FixtureError.self) { try await site.insert() }
        #expect(try await site.rows() == 1)
        site.proxy.arm(NetworkFault(.cut, at: places.answer))
        await #expect(throws: FixtureError.self) { try await site.insert() }
        #expect(try await site.rows() == 2, "the server acted before its answer was lost")
        #expect(site.proxy.hasStruck)
        #expect(try await site.insert() == "1", "a fault strikes once")
    }

    @Test func aHeldAnswerWaitsUntilItIsResumedOrCut() async throws {
        let site = try await Site()
        let places = try await site.placesOfAnInsertion()
        site.proxy.arm(NetworkFault(.hold, at: places.answer))
        let held = Task { try await site.insert() }
        try await eventually("the hold") { site.proxy.hasStruck }
        #expect(try await site.rows() == 2)
        site.proxy.resume()
        #expect(try await held.value == "1")

        site.proxy.arm(NetworkFault(.hold, at: places.request))
        let lost = Task { try await site.insert() }
        try await eventually("the hold") { site.proxy.hasStruck }
        site.proxy.cut()
        await #expect(throws: FixtureError.self) { try await lost.value }
        #expect(try await site.rows() == 2, "what was held when the connection was cut never arrives")
    }

    @Test func aCutInTheMiddleOfAMessageIsACutBeforeIt() async throws {
        let site = try await Site()
        let places = try await site.placesOfAnInsertion()
        // The good-bye has 5 bytes; the one before them ends the insertion.
        site.proxy.arm(NetworkFault(.cut, at: .requestByte(places.bytes - 5)))
        await #expect(throws: FixtureError.self) { try await site.insert() }
        #expect(try await site.rows() == 1)
    }

    @Test func aDelayedAnswerArrivesAndADroppedOneDoesNot() async throws {
        let site = try await Site()
        let places = try await site.placesOfAnInsertion()
        let start = ContinuousClock.now
        site.proxy.arm(NetworkFault(.delay(milliseconds: 300), at: places.answer))
        #expect(try await site.insert() == "1")
        #expect(ContinuousClock.now - start >= .milliseconds(300))

        site.proxy.arm(NetworkFault(.drop, at: places.request))
        let silent = Task { try await site.insert() }
        try await eventually("the drop") { site.proxy.hasStruck }
        site.proxy.cut()
        await #expect(throws: FixtureError.self) { try await silent.value }
        #expect(try await site.rows() == 2)
    }
}
