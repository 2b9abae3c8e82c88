import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("PostgreSQL, what AWS's multi-user function loses", .timeLimit(.minutes(10)))
struct PostgresTwinFaultTests {
    @Test("W2 A statement that fails while a clone is prepared leaves no clone, and no retry takes that for a success")
    func failingStatement() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        // A setting that only superusers may make: the last statement before the password fails, at each attempt.
        try await target.server.sql("ALTER ROLE \(target.role) SET log_statement = 'none'")
        try await target.prepare()
        let pending = try #require(target.pending)
        for attempt in 1...3 {
            let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context(attempt: attempt)) }
            #expect(failure.code == .permissionDenied && failure.applied == .no)
            #expect(await target.rotator.probe(.pending, try target.context()).outcome == .refused)
            #expect(try await target.server.sql("SELECT count(*) FROM pg_roles WHERE rolname = '\(target.role)_clone'") == "0")
        }
        try await target.server.sql("GRANT SET ON PARAMETER log_statement TO \(target.adminRole)")
        try await target.rotate()
        #expect(target.current.isSame(as: pending), "I3: the same value")
        #expect(try await target.logsIn(target.current))
    }

    @Test("W2 A connection that is cut while a clone is prepared leaves it as it was, and the next attempt completes it")
    func lostConnection() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        let clone = target.role + "_clone"
        try await target.rotate()
        try await target.rotate()
        try await target.server.sql("ALTER ROLE \(target.role) SET work_mem = '8MB'")
        try await target.prepare()
        let settings = "(SELECT setconfig::text FROM pg_db_role_setting WHERE setrole = r.oid AND setdatabase = 0)"
        let state = "SELECT rolpassword, \(settings) FROM pg_authid r WHERE rolname = '\(clone)'"
        let before = try await target.server.sql(state)
        // A lock on the clone's row stops the admin after the setting, at the password.
        let server = target.server
        let holder = Task { try await server.sql("BEGIN; ALTER ROLE \(clone) CONNECTION LIMIT 50; SELECT pg_sleep(20); ROLLBACK") }
        let sleeper = "FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%\(clone) CONN%'"
        try await eventually("the row is locked") { try await server.sql("SELECT count(*) \(sleeper)") == "1" }
        let admin = target.adminRole
        let killer = Task {
            let waiting = "FROM pg_stat_activity WHERE usename = '\(admin)' AND wait_event_type = 'Lock'"
            try await eventually("the admin waits") { try await server.sql("SELECT count(*) \(waiting)") == "1" }
            try await server.sql("SELECT pg_terminate_backend(pid) \(waiting)")
        }
        let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
        try await killer.value
        #expect(failure.isRetryable)
        try await server.sql("SELECT pg_terminate_backend(pid) \(sleeper)")
        _ = await holder.result
        #expect(try await server.sql(state) == before)
        #expect(await target.rotator.probe(.pending, try target.context()).outcome == .refused)
        #expect(try await target.logsIn(target.current))
        _ = try await target.rotator.setSecret(try target.context(attempt: 2))
        _ = try await target.rotator.testSecret(try target.context(attempt: 2))
        #expect(try await server.sql(state).contains("work_mem=8MB"))
    }

    @Test("W9 W10 A clone that AWS's function made is taken over: membership, settings and limits follow, its objects are reported")
    func clonedByAWS() async throws {
        let target = try await PostgresTarget(.alternatingUsers, attributes: "CONNECTION LIMIT 5 VALID UNTIL '2099-01-01'")
        let clone = target.role + "_clone"
        // AWS: CREATE USER, GRANT original TO clone; nothing else, and tables made by the clone are its own.
        try await target.server.sql(
            """
            ALTER ROLE \(target.role) SET search_path = app, public; CREATE ROLE \(clone) LOGIN PASSWORD 'of AWS'; GRANT \(target.role) TO \(clone);
            CREATE TABLE made_by_clone (n int); ALTER TABLE made_by_clone OWNER TO \(clone)
            """,
            database: target.database
        )
        let report = try await target.rotate()
        #expect(report.warnings.contains { $0.contains("REASSIGN OWNED") })
        let attributes = "SELECT rolconnlimit, rolvaliduntil::date FROM pg_roles WHERE rolname = '\(clone)'"
        #expect(try await target.server.sql(attributes) == "5|2099-01-01")
        let settings = "SELECT current_setting('search_path') || '|' || current_user AS result"
        #expect(try await target.run([settings], as: target.current) == "app, public|\(target.role)")
        try await target.server.sql("REVOKE \(target.role) FROM \(clone); ALTER ROLE \(clone) RESET role")
        try await target.rotate()
        try await target.server.sql("REASSIGN OWNED BY \(clone) TO \(target.role)", database: target.database)
        #expect(try await target.rotate().warnings.isEmpty)
        #expect(try await target.run([settings], as: target.current) == "app, public|\(target.role)", "without membership: made again")
    }

    @Test("W15 A name of 63 bytes with its suffix is cloned; one byte more is refused before anything is made, counted in bytes")
    func longNames() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        let number = target.role.split(separator: "_").last ?? ""
        func name(_ bytes: Int) -> String { "ü\(number)_" + String(repeating: "x", count: bytes - 3 - number.utf8.count) }
        for bytes in [57, 58] {
            try await target.server.sql("CREATE ROLE \"\(name(bytes))\" LOGIN PASSWORD 'first'")
            target.current = try target.changed(target.current, ["username": .string(name(bytes)), "password": "first"])
            (target.pending, target.previous) = (nil, nil)
            guard bytes == 58 else {
                try await target.rotate()
                try await target.rotate()
                #expect(try await target.logsIn(target.current))
                #expect(try await target.logsIn(target.previous))
                continue
            }
            let failure = try await rotationFailure { try await target.prepare() }
            #expect(failure.code == .configInvalid && failure.message.contains("64 bytes"))
        }
        let made = try await target.server.sql("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'ü\(number)\\_x%'")
        #expect(made == "3")
    }

    @Test("W24 An admin secret of another server is refused, whatever the secret's own value says")
    func foreignAdmin() async throws {
        for strategy in [PostgresRotator.Strategy.singleUser, .alternatingUsers] {
            let target = try await PostgresTarget(strategy)
            target.hasAdmin = true
            target.current = try target.changed(target.current, ["host": "localhost", "masterarn": "arn:aws:secretsmanager:x:y:secret:z"])
            try await target.prepare()
            let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
            #expect(failure.code == .configInvalid && failure.message.contains("admin secret"))
            #expect(try await target.logsIn(target.current))
        }
    }
}
