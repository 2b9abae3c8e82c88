import PostgresClient
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

/// I7 on the server's side: what a call has sent is over by its deadline, whoever holds a lock for longer.
@Suite("PostgreSQL: statements that wait for somebody's lock", .timeLimit(.minutes(10)))
struct PostgresLockTests {
    @Test(
        "I7 a statement that waits for a lock is not carried out once the call has ended and the lock is gone",
        arguments: [PostgresRotator.Strategy.singleUser, .alternatingUsers]
    )
    func lateStatement(strategy: PostgresRotator.Strategy) async throws {
        // No other test may wait for this lock.
        let server = try await PostgresServer.start()
        let target = try await PostgresTarget(strategy, on: server)
        if strategy == .alternatingUsers { try await target.rotate() }
        try await target.prepare()

        // Stronger modes would stop the logins too.
        let holder = Task { try await server.sql("BEGIN; LOCK TABLE pg_authid IN SHARE ROW EXCLUSIVE MODE; SELECT pg_sleep(600)") }
        let lock = "FROM pg_locks WHERE relation = 'pg_authid'::regclass AND mode = 'ShareRowExclusiveLock' AND granted"
        try await eventually("the lock is held") { try await server.sql("SELECT count(*) \(lock)") == "1" }
        let clock = ContinuousClock()
        let start = clock.now
        let stuck = try await rotationFailure { try await target.rotator.setSecret(try target.context(limit: .seconds(2))) }
        #expect((stuck.code == .conflict || stuck.code == .timeout) && stuck.isRetryable && stuck.applied == .no)
        #expect(clock.now - start < .seconds(2), "the server ends it before the deadline")

        try await server.sql("SELECT pg_terminate_backend(pid) \(lock)")
        _ = await holder.result
        let ours = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'keyturn'"
        try await eventually("the server has ended our sessions") { try await server.sql(ours) == "0" }
        #expect(try await target.logsIn(target.current))
        #expect(try await !target.logsIn(target.pending))

        _ = try await target.rotator.setSecret(try target.context())
        _ = try await target.rotator.testSecret(try target.context())
    }

    @Test("I7 no statement begins when the server's own limit would end it after the deadline only")
    func lateBegin() async throws {
        let target = try await PostgresTarget(.singleUser)
        let login = PostgresLogin(
            host: "127.0.0.1",
            port: target.server.port,
            username: target.role,
            password: SecretValue(string: "first"),
            database: target.database,
            tls: .off
        )
        do throws(PostgresError) {
            try await PostgresTarget.client.withConnection(to: login, deadline: .now + .seconds(2)) { connection throws(PostgresError) in
                try connection.run("SELECT pg_sleep(0.9)")
                try connection.run("SELECT pg_sleep(0.2)")
                try connection.run("CREATE TABLE late ()")
            }
            Issue.record("a statement began too late")
        } catch {
            #expect(error.kind == .timedOut && !error.isOutcomeUnknown)
        }
    }
}
