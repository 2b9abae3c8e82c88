import Foundation
import TestSupport
import Testing

/// The preloaded library kills at the right moment, and what was not on disk then is gone.
@Suite struct SyncFaultsTests {
    /// Writes `one`, `two` and `three` over each other, each synced.
    private static let program = """
        import os, sys
        store = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
        for word in (b"one", b"two", b"three"):
            os.pwrite(store, word, 0)
            os.fdatasync(store)
        """

    private func run(_ faults: SyncFaults, _ store: String) async throws -> String {
        do {
            try await Tool.run(["python3", "-c", Self.program, store], environment: faults.environment)
            return "ended: \(try readFile(store))"
        } catch let error as FixtureError where error.description.contains("signal") || error.description.contains("unhandled") {
            return "killed: \(try readFile(store))"
        }
    }

    @Test func withoutAStrikeItOnlyCounts() async throws {
        let scratch = try ScratchDirectory()
        let faults = try SyncFaults(scratch, store: scratch.path(of: "store"))
        #expect(try await self.run(faults, scratch.path(of: "store")) == "ended: three")
        #expect(try faults.count() == 3)
        #expect(try await self.run(faults, scratch.path(of: "store-wal")) == "ended: three")
        #expect(try await self.run(faults, scratch.path(of: "another")) == "ended: three")
        #expect(try faults.count() == 6, "the store and its log count, other files do not")
    }

    @Test(arguments: [(1, SyncFaults.Moment.lost, ""), (1, .kept, "one"), (3, .lost, "two"), (3, .kept, "three")])
    func itKillsAtTheChosenSync(number: Int, moment: SyncFaults.Moment, content: String) async throws {
        let scratch = try ScratchDirectory()
        let faults = try SyncFaults(scratch, store: scratch.path(of: "store"))
        try faults.arm(number, moment)
        #expect(try await self.run(faults, scratch.path(of: "store")) == "killed: \(content)")
        try faults.arm(nil)
        #expect(try await self.run(faults, scratch.path(of: "store")) == "ended: three")
    }

    @Test func itMakesEachSyncLonger() async throws {
        let scratch = try ScratchDirectory()
        let faults = try SyncFaults(scratch, store: scratch.path(of: "store"))
        let environment = faults.environment.merging(["KEYTURN_SYNC_DELAY": "200000"]) { _, new in new }
        let program = """
            import os, sys, time
            file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
            for sync in (os.fsync, os.fdatasync):
                start = time.monotonic()
                sync(file)
                print(time.monotonic() - start >= 0.2)
            """
        let output = try await Tool.run(["python3", "-c", program, scratch.path(of: "another")], environment: environment)
        #expect(output == "True\nTrue\n")
    }
}
