import PostgresClient
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("PostgreSQL, alternating users")
struct PostgresAlternatingUsersTests {
    @Test("Four rotations in a row: the two roles take turns, and both values of the last two rotations log in")
    func severalRotations() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        for turn in 0..<4 {
            let report = try await target.rotate()
            let expected = turn.isMultiple(of: 2) ? target.role + "_clone" : target.role
            #expect(report.account == expected)
            #expect(try target.json(target.current)["username"]?.stringValue == expected)
            #expect(try await target.logsIn(target.current))
            #expect(try await target.logsIn(target.previous))
        }
    }

    @Test("W9 Tables that either twin makes belong to the original, and both can alter and drop them")
    func ownership() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        try await target.server.sql("GRANT CREATE ON SCHEMA public TO \"\(target.role)\"", database: target.database)
        try await target.rotate()
        try await target.run(["CREATE TABLE public.made_by_clone (n int)"], as: target.current)
        let owner = "SELECT tableowner AS result FROM pg_tables WHERE tablename = 'made_by_clone'"
        #expect(try await target.run([owner], as: target.current) == target.role)
        try await target.rotate()
        try await target.run(
            ["ALTER TABLE public.made_by_clone ADD m int", "CREATE TABLE public.made_by_original (n int)"],
            as: target.current
        )
        let report = try await target.rotate()
        #expect(report.warnings.isEmpty)
        try await target.run(["DROP TABLE public.made_by_clone", "DROP TABLE public.made_by_original"], as: target.current)
    }

    @Test("W8 W10 Rights, memberships, settings and limits of the original come and go on the clone")
    func parity() async throws {
        let target = try await PostgresTarget(.alternatingUsers, attributes: "CONNECTION LIMIT 7 CREATEDB VALID UNTIL '2099-01-01'")
        let group = PostgresServer.uniqueName("grp")
        let clone = target.role + "_clone"
        try await target.server.sql(
            """
            GRANT SET ON PARAMETER "app.mode" TO \(target.adminRole); CREATE ROLE \(group); GRANT \(group) TO \(target.role);
            CREATE TABLE t (n int); GRANT SELECT ON t TO \(target.role);
            ALTER ROLE \(target.role) SET search_path = "$user", public, 'odd,"name'; ALTER ROLE \(target.role) SET work_mem = '9MB';
            ALTER ROLE \(target.role) IN DATABASE \(target.database) SET app.mode = 'it''s \\x'
            """,
            database: target.database
        )
        try await target.rotate()
        let settings = "SELECT string_agg(current_setting(s), '|') AS result FROM unnest(ARRAY['search_path','work_mem','app.mode']) s"
        #expect(try await target.run([settings], as: target.current) == #""$user", public, "odd,""name"|9MB|it's \x"#)
        #expect(try await target.run(["SELECT count(*) AS result FROM t"], as: target.current) == "0")
        let attributes = "SELECT rolconnlimit, rolcreatedb, rolvaliduntil::date FROM pg_roles WHERE rolname = '\(clone)'"
        #expect(try await target.server.sql(attributes) == "7|t|2099-01-01")
        #expect(try await target.run(["SELECT pg_has_role('\(group)', 'MEMBER') AS result"], as: target.current) == "t")

        try await target.rotate()
        try await target.server.sql(
            """
            REVOKE \(group) FROM \(target.role); REVOKE SELECT ON t FROM \(target.role); GRANT \(group) TO \(clone);
            ALTER ROLE \(target.role) RESET work_mem; ALTER ROLE \(target.role) CONNECTION LIMIT 9 VALID UNTIL 'infinity' NOCREATEDB
            """,
            database: target.database
        )
        try await target.rotate()
        #expect(try await target.server.sql(attributes) == "9|f|infinity")
        #expect(try await target.run(["SELECT pg_has_role('\(group)', 'MEMBER') AS result"], as: target.current) == "f")
        #expect(try await target.run(["SHOW work_mem", "SELECT current_setting('work_mem') AS result"], as: target.current) != "9MB")
        await #expect(throws: PostgresError.self) { try await target.run(["SELECT * FROM t"], as: target.current) }
    }

    @Test("W2 W18 A clone that logs in but lacks a right is no proof, and the next setSecret mends it")
    func incompleteClone() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        let clone = target.role + "_clone"
        try await target.prepare()
        _ = try await target.rotator.setSecret(try target.context())
        #expect(await target.rotator.probe(.pending, try target.context()).isProof)
        for damage in [
            "REVOKE \(target.role) FROM \(clone)", "ALTER ROLE \(clone) RESET role", "ALTER ROLE \(target.role) SET work_mem = '8MB'",
        ] {
            try await target.server.sql(damage)
            let probe = await target.rotator.probe(.pending, try target.context())
            #expect(probe.outcome == .accepted || probe.outcome == .other, "\(damage)")
            #expect(!probe.isProof, "\(damage)")
            let failure = try await rotationFailure { try await target.rotator.testSecret(try target.context()) }
            #expect(failure.code != .authFailed)
            _ = try await target.rotator.setSecret(try target.context(attempt: 2))
            let mended = await target.rotator.probe(.pending, try target.context())
            #expect(mended.outcome == .accepted && mended.isProof, "\(damage): \(String(describing: mended.failure))")
        }
    }

    @Test("I1 A crash after any statement of the admin leaves the clone refused or complete, and the same run finishes")
    func crashes() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        try await target.server.sql("ALTER ROLE \(target.role) SET work_mem = '8MB'; ALTER ROLE \(target.role) CONNECTION LIMIT 30")
        try await target.prepare()
        // Each part is what a run without a transaction would have left behind.
        let clone = target.role + "_clone"
        let parts = [
            "CREATE ROLE \(clone) NOLOGIN", "ALTER ROLE \(clone) CONNECTION LIMIT 30", "GRANT \(target.role) TO \(clone)",
            "ALTER ROLE \(clone) SET role = \(target.role)", "ALTER ROLE \(clone) SET work_mem = '8MB'",
        ]
        for count in 0...parts.count {
            for part in parts.prefix(count) { try await target.server.sql(part) }
            #expect(await target.rotator.probe(.pending, try target.context()).outcome == .refused)
            #expect(try await target.logsIn(target.current))
            _ = try await target.rotator.setSecret(try target.context())
            _ = try await target.rotator.testSecret(try target.context())
            try await target.server.sql("DROP ROLE \(clone)")
        }
    }

    @Test("With an owner role both twins are its members, and it owns what they make")
    func ownerRole() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        let owner = PostgresServer.uniqueName("own")
        target.settings.options["owner_role"] = owner
        try await target.server.sql("CREATE ROLE \(owner)")
        try await target.prepare()
        #expect(try await rotationFailure { try await target.rotator.setSecret(try target.context()) }.code == .configInvalid)
        try await target.server.sql(
            "GRANT \(owner) TO \(target.role); ALTER ROLE \(target.role) SET role = \(owner); GRANT CREATE ON SCHEMA public TO \(owner)",
            database: target.database
        )
        for turn in 0..<3 {
            try await target.rotate()
            try await target.run(["CREATE TABLE public.t\(turn) (n int)"], as: target.current)
        }
        try await target.run((0..<3).map { "DROP TABLE public.t\($0)" }, as: target.current)
        let members = """
            SELECT string_agg(r.rolname, ',') FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
            JOIN pg_roles c ON c.oid = m.member WHERE c.rolname = '\(target.role)_clone'
            """
        #expect(try await target.server.sql(members) == owner)
    }

    @Test("A prepared pair changes its passwords only; both roles must exist")
    func preparedPair() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        let other = PostgresServer.uniqueName("blue")
        target.settings.options["users"] = "\(target.role), \(other)"
        try await target.prepare()
        #expect(try await rotationFailure { try await target.rotator.setSecret(try target.context()) }.code == .configInvalid)
        try await target.server.sql("CREATE ROLE \(other) NOLOGIN CONNECTION LIMIT 3")
        target.pending = nil
        for _ in 0..<3 { try await target.rotate() }
        #expect(try target.json(target.current)["username"]?.stringValue == other)
        #expect(try await target.server.sql("SELECT rolconnlimit FROM pg_roles WHERE rolname = '\(other)'") == "3")
    }

    @Test("Superusers are not cloned unasked; a dropped original is never made again from its clone")
    func refusals() async throws {
        let target = try await PostgresTarget(.alternatingUsers, attributes: "SUPERUSER")
        try await target.prepare()
        #expect(try await rotationFailure { try await target.rotator.setSecret(try target.context()) }.message.contains("superuser"))
        let other = try await PostgresTarget(.alternatingUsers)
        try await other.rotate()
        try await other.server.sql("DROP ROLE \(other.role)")
        try await other.prepare()
        let failure = try await rotationFailure { try await other.rotator.setSecret(try other.context()) }
        #expect(failure.code == .configInvalid)
        #expect(failure.message.contains(other.role))
    }

    @Test("Somebody's account that happens to have the clone's name is not taken over unasked")
    func foreignClone() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        let clone = target.role + "_clone"
        let group = PostgresServer.uniqueName("grp")
        try await target.server.sql("CREATE ROLE \(group); CREATE ROLE \(clone) LOGIN PASSWORD 'theirs' IN ROLE \(group)")
        try await target.prepare()
        let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
        #expect(failure.code == .configInvalid)
        #expect(failure.hint?.contains("adopt_clone") == true)
        #expect(try await target.logsIn(try target.changed(target.pending, ["password": "theirs"])))
        target.settings.options["adopt_clone"] = "true"
        _ = try await target.rotator.setSecret(try target.context())
        _ = try await target.rotator.testSecret(try target.context())
        #expect(try await target.logsIn(target.pending))
    }

    @Test("The admin secret is needed, and its failures are told apart")
    func admin() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        try await target.prepare()
        target.hasAdmin = false
        #expect(try await rotationFailure { try await target.rotator.setSecret(try target.context()) }.code == .configInvalid)
        target.hasAdmin = true
        try await target.server.sql("ALTER ROLE \(target.adminRole) NOCREATEROLE")
        let powerless = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
        #expect(powerless.code == .permissionDenied)
        #expect(powerless.hint?.contains("CREATEROLE") == true)
        try await target.server.sql("ALTER ROLE \(target.adminRole) PASSWORD 'other'")
        #expect(try await rotationFailure { try await target.rotator.setSecret(try target.context()) }.code == .adminAuthFailed)
    }

    @Test("W27 Only with expire_previous does retire end the previous account, and the next rotation brings it back")
    func retire() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        try await target.rotate()
        _ = try await target.rotator.retire(try target.context())
        #expect(try await target.logsIn(target.previous))
        target.settings.options["expire_previous"] = "true"
        _ = try await target.rotator.retire(try target.context())
        #expect(try await !target.logsIn(target.previous))
        #expect(try await target.logsIn(target.current))
        try await target.rotate()
        #expect(try await target.logsIn(target.current))
    }

    @Test("Both twins are one account to the limits and owners of the engine")
    func identity() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        let before = try target.rotator.identity(of: target.current, settings: target.settings)
        try await target.rotate()
        let after = try target.rotator.identity(of: target.current, settings: target.settings)
        #expect(before == after)
        #expect(before == TargetIdentity(target: "postgres://localhost:\(target.server.port)", account: target.role))
    }

    @Test("Names with quotes and blanks are cloned; names too long for a clone are refused with their length")
    func names() async throws {
        let target = try await PostgresTarget(.alternatingUsers, role: "o'dd \"%name")
        try await target.rotate()
        try await target.rotate()
        #expect(try await target.logsIn(target.current))
        target.current = try target.changed(target.current, ["username": .string(String(repeating: "x", count: 58))])
        let failure = try await rotationFailure { try await target.prepare() }
        #expect(failure.code == .configInvalid)
        #expect(failure.message.contains("64"))
    }
}
