import PostgresClient
import SecretModel
import TestSupport
import Testing

@Suite("Statements on PostgreSQL")
struct PostgresStatementTests {
    @Test("Errors of the server are typed by SQLSTATE")
    func kinds() async throws {
        let account = try await PostgresAccount()
        let cases: [(String, PostgresError.Kind)] = [
            ("CREATE ROLE another_one", .permission),
            ("ALTER ROLE no_such_role_here SET work_mem TO '1MB'", .notFound),
            ("SET statement_timeout TO 'nonsense'", .policy),
            ("SELEKT", .other),
        ]
        for (statement, kind) in cases {
            let error = try await failure { try await account.run(statement) }
            #expect(error.kind == kind, "\(statement): \(error)")
            #expect(!error.isOutcomeUnknown)
        }
    }

    @Test("W12 A read-only default of role or database does not hold")
    func readOnlyDefault() async throws {
        let account = try await PostgresAccount("LOGIN CREATEDB")
        try await account.server.sql(
            "ALTER ROLE \(account.role) SET default_transaction_read_only = on"
        )
        let rows = try await account.run("SHOW transaction_read_only")
        #expect(rows.first?["transaction_read_only"] == "off")
    }

    @Test("Names mean those of the catalogue, whatever the role's search path says")
    func searchPath() async throws {
        let account = try await PostgresAccount()
        try await account.server.sql("ALTER ROLE \(account.role) SET search_path = public, pg_catalog")
        #expect(try await account.run("SHOW search_path").first?["search_path"] == "pg_catalog")
        #expect(try await account.run("SHOW application_name").first?["application_name"] == "keyturn")
    }

    @Test("A statement that outlives the deadline is given up, and its outcome is unknown")
    func deadline() async throws {
        let account = try await PostgresAccount()
        let start = ContinuousClock.now
        let error = try await failure {
            try await PostgresAccount.client.withConnection(to: account.login(), deadline: start + .seconds(3)) {
                connection throws(PostgresError) in
                // Without it the server would end the statement itself, and before.
                try connection.run("SET statement_timeout = 0")
                try connection.run("SELECT pg_sleep(30)")
            }
        }
        #expect(error.kind == .timedOut)
        #expect(error.isOutcomeUnknown)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("Cancelling the task ends the wait at once")
    func cancellation() async throws {
        let account = try await PostgresAccount()
        let start = ContinuousClock.now
        let task = Task { try await failure { try await account.run("SELECT pg_sleep(30)") } }
        try await eventually("the statement runs") {
            try await account.server.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = '\(account.role)' AND state = 'active'")
                == "1"
        }
        task.cancel()
        let error = try await task.value
        #expect(error.kind == .cancelled)
        #expect(error.isOutcomeUnknown)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("A server that goes away in the middle leaves the outcome unknown")
    func connectionLost() async throws {
        let account = try await PostgresAccount()
        let task = Task { try await failure { try await account.run("SELECT pg_sleep(30)") } }
        let backend = "FROM pg_stat_activity WHERE usename = '\(account.role)' AND state = 'active'"
        try await eventually("the statement runs") { try await account.server.sql("SELECT count(*) \(backend)") == "1" }
        try await account.server.sql("SELECT pg_terminate_backend(pid) \(backend)")
        let error = try await task.value
        #expect(error.kind == .unreachable)
        #expect(error.isOutcomeUnknown)
    }

    @Test("A transaction that fails in the middle leaves nothing")
    func transaction() async throws {
        let account = try await PostgresAccount()
        try await account.server.sql("CREATE TABLE public.t (n int); GRANT ALL ON public.t TO \(account.role)", database: account.database)
        let error = try await failure {
            try await PostgresAccount.client.withConnection(to: account.login(), deadline: .now + .seconds(60)) {
                connection throws(PostgresError) in
                try connection.transaction { () throws(PostgresError) in
                    try connection.run("INSERT INTO public.t VALUES (1)")
                    try connection.run("SELECT 1/0")
                }
            }
        }
        #expect(error.sqlState == "22012")
        #expect(try await account.run("SELECT count(*) AS n FROM public.t").first?["n"] == "0")
    }

    @Test("A lock that somebody else holds is a conflict, not a timeout")
    func lockConflict() async throws {
        let account = try await PostgresAccount()
        let holder = Task { try await account.run("SELECT pg_advisory_lock(1), pg_sleep(30)") }
        let lock =
            """
            SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE l.locktype = 'advisory' AND d.datname = '\(account.database)'
            """
        try await eventually("the lock is held") { try await account.server.sql(lock) == "1" }
        var impatient = account.login()
        impatient.lockLimit = .milliseconds(50)
        let error = try await failure { try await account.run("SELECT pg_advisory_lock(1)", as: impatient) }
        #expect(error.kind == .conflict)
        holder.cancel()
        _ = await holder.result
    }

    @Test("W6 I8 A verifier that a server quotes in its error is taken out")
    func scrubbing() async throws {
        let account = try await PostgresAccount()
        let error = try await failure {
            try await PostgresAccount.client.withConnection(to: account.login(), deadline: .now + .seconds(60)) {
                connection throws(PostgresError) in
                try connection.run("DO $$ BEGIN RAISE EXCEPTION 'saw canary-4711 and right horse-battery'; END $$", hiding: ["canary-4711"])
            }
        }
        #expect(error.message == "saw <redacted> and <redacted>")
    }
}
