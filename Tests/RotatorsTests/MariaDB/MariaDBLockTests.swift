import RotationModel
import Rotators
import TestSupport
import Testing

/// I7 on the server's side: what a call has sent is over by its deadline, whoever holds a lock for longer.
@Suite("MariaDB: statements that wait for somebody's lock", .timeLimit(.minutes(10)))
struct MariaDBLockTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let strategy: RotationStrategy
        let hasAdmin: Bool
        let lock: String

        var testDescription: String { "\(self.strategy)\(self.hasAdmin ? " as admin" : ""), \(self.lock)" }

        static let all = ["FLUSH TABLES WITH READ LOCK", "LOCK TABLES mysql.global_priv WRITE"].flatMap { lock in
            [(RotationStrategy.singleUser, false), (.singleUser, true), (.overlapping, true), (.alternatingUsers, true)].map {
                Case(strategy: $0.0, hasAdmin: $0.1, lock: lock)
            }
        }
    }

    @Test("I7 a statement that waits for a lock is not carried out once the call has ended and the lock is gone", arguments: Case.all)
    func lateStatement(testCase: Case) async throws {
        let server = try await MariaDBServer.start()
        try await server.sql(
            """
            CREATE USER app@'%' IDENTIFIED BY 'first'; CREATE USER boss@'%' IDENTIFIED BY 'boss';
            GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION;
            """
        )
        var rotation = MariaDBRotation(
            testCase.strategy,
            on: server,
            user: "app",
            password: "first",
            hasAdmin: testCase.hasAdmin,
            admin: ("boss", "boss")
        )
        // The second turn of alternating-users finds its account there.
        if testCase.strategy == .alternatingUsers { try await rotation.rotate() }
        try await rotation.prepare()
        rotation.limit = .seconds(2)

        let holder = Task { try await server.sql("\(testCase.lock); SELECT SLEEP(600)") }
        let sleeper = "FROM information_schema.processlist WHERE info = 'SELECT SLEEP(600)'"
        try await eventually("the lock is held") { try await server.sql("SELECT count(*) \(sleeper)") == "1" }
        let (clock, limit) = (ContinuousClock(), rotation.limit)
        let start = clock.now
        let stuck = try await failure { try await rotation.set() }
        #expect(stuck.code == .timeout && stuck.isRetryable)
        #expect(stuck.hint?.contains("SHOW PROCESSLIST") == true)
        #expect(clock.now - start < limit, "the server ends it before the deadline")

        try await server.sql("KILL CONNECTION \(try await server.sql("SELECT id \(sleeper)"))")
        _ = await holder.result
        let ours = "SELECT count(*) FROM information_schema.processlist WHERE user IN ('app', 'app_clone', 'boss')"
        try await eventually("the server has ended our sessions") { try await server.sql(ours) == "0" }
        #expect(try await rotation.logsIn(rotation.current))
        #expect(try await !rotation.logsIn(rotation.pending))

        rotation.limit = .seconds(20)
        try await rotation.set()
        try await rotation.test()
    }
}
