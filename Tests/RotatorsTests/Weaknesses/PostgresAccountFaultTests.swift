import Glibc
import PostgresClient
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("PostgreSQL, accounts that AWS's functions fail on", .timeLimit(.minutes(10)))
struct PostgresAccountFaultTests {
    @Test("W3 With `ssl` absent, a certificate that does not verify ends the rotation: no password is changed, in clear text or otherwise")
    func downgrade() async throws {
        let (authority, stranger) = (try await TestAuthority(), try await TestAuthority())
        let issued = try await authority.issue(for: ["IP:127.0.0.1"])
        let server = try await PostgresServer.start(
            settings: ["ssl = on", "ssl_cert_file = 'server.crt'", "ssl_key_file = 'server.key'"],
            files: ["server.crt": issued.certificate, "server.key": issued.key]
        )
        try await server.sql("CREATE ROLE app LOGIN PASSWORD 'first'")
        let target = try await PostgresTarget(.singleUser)
        target.current = try target.changed(
            target.current,
            ["port": .integer(server.port), "username": "app", "dbname": "postgres"]
        )
        try await target.prepare()
        for authorities in [stranger.certificatePath, nil] {
            target.settings.options["tls_ca_file"] = authorities
            let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
            #expect(failure.code == .preconditionFailed && failure.message.contains("certificate"))
        }
        #expect(!(try server.log()).contains("connection authorized: user=app"), "no login without a verified server")
        target.settings.options["tls_ca_file"] = authority.certificatePath
        try await target.rotate()
        let logins = try server.log().split(separator: "\n").filter { $0.contains("connection authorized: user=app") }
        #expect(!logins.isEmpty && logins.allSatisfy { $0.contains("SSL enabled") })
    }

    @Test("W4 I8 Whoever sets the password, the account, an admin or an admin for a clone: no statement in the log has it")
    func statementLogs() async throws {
        for strategy in [PostgresRotator.Strategy.singleUser, .alternatingUsers] {
            let target = try await PostgresTarget(strategy)
            target.hasAdmin = true
            if strategy == .alternatingUsers { target.settings.options["expire_previous"] = "true" }
            var passwords: [String] = []
            for _ in 0..<2 {
                if strategy == .singleUser { try await target.server.sql("ALTER ROLE \(target.role) PASSWORD 'changed by hand'") }
                try await target.rotate()
                _ = try await target.rotator.retire(try target.context())
                passwords.append(try #require(try target.json(target.current)["password"]?.stringValue))
            }
            let log = try target.server.log()
            #expect(log.contains("ALTER ROLE \"\(target.role)\" PASSWORD"))
            for password in passwords { #expect(!log.contains(password)) }
        }
    }

    @Test(
        "W11 Under peer authentication a login is no proof: the password is set all the same, and the test fails until a rule asks for it"
    )
    func peer() async throws {
        let user = String(cString: getpwuid(geteuid()).pointee.pw_name)
        let server = try await PostgresServer.start(files: [
            "pg_hba.conf": "local all postgres trust\nlocal all all peer\nhost all all all scram-sha-256\n"
        ])
        if user != "postgres" { try await server.sql("CREATE ROLE \"\(user)\" LOGIN") }
        try await server.sql("ALTER ROLE \"\(user)\" PASSWORD 'first'")
        let target = try await PostgresTarget(.singleUser)
        let members: [String: JSONValue] = [
            "host": .string(server.socketDirectory), "port": .integer(server.port), "username": .string(user), "dbname": "postgres",
        ]
        target.current = try target.changed(target.current, members)
        try await target.prepare()
        let probe = await target.rotator.probe(.pending, try target.context())
        #expect(probe.outcome == .accepted && !probe.isProof, "AWS's function stops here: already set")
        _ = try await target.rotator.setSecret(try target.context())
        #expect(
            try await rotationFailure { try await target.rotator.testSecret(try target.context()) }.hint?.contains("pg_hba.conf") == true
        )
        // Over TCP the server asks: the password that was set is the pending one.
        let overTCP = try target.changed(target.pending, ["host": "127.0.0.1"])
        (target.current, target.pending) = (overTCP, overTCP)
        _ = try await target.rotator.testSecret(try target.context())
    }

    @Test("W12 No setting of role, database or server hinders: read-only, time-outs of a millisecond, functions before the catalogue's")
    func hostileSettings() async throws {
        for strategy in [PostgresRotator.Strategy.singleUser, .alternatingUsers] {
            let target = try await PostgresTarget(strategy)
            try await target.server.sql(
                """
                CREATE SCHEMA trap; GRANT USAGE ON SCHEMA trap TO PUBLIC;
                CREATE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT 'on' $$;
                ALTER DATABASE \(target.database) SET default_transaction_read_only = on;
                ALTER DATABASE \(target.database) SET search_path = trap, pg_catalog;
                """,
                database: target.database
            )
            for role in [target.role, target.adminRole] {
                try await target.server.sql(
                    """
                    ALTER ROLE \(role) SET default_transaction_read_only = on; ALTER ROLE \(role) SET statement_timeout = 1;
                    ALTER ROLE \(role) SET lock_timeout = 1; ALTER ROLE \(role) SET search_path = trap, pg_catalog
                    """
                )
            }
            try await target.rotate()
            try await target.rotate()
            #expect(try await target.server.sql("SELECT rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = '\(target.role)'") == "t")
            #expect(await target.rotator.probe(.current, try target.context()).outcome == .accepted)
        }
    }

    @Test(
        "W13 Names that are formats, quotes, backslashes, statements or blanks are names, alone and in turns",
        arguments: ["100%s %d%%", "o'ne\"il", #"back\slash\"#, #"x"; DROP ROLE postgres; --"#, " $1 :name ", "üñí €😀"],
        [PostgresRotator.Strategy.singleUser, .alternatingUsers]
    )
    func names(stem: String, strategy: PostgresRotator.Strategy) async throws {
        let target = try await PostgresTarget(strategy, role: stem)
        for _ in 0..<2 {
            try await target.rotate()
            #expect(try await target.logsIn(target.current))
        }
        let user = try #require(try target.json(target.current)["username"]?.stringValue)
        #expect(user == target.role)
    }

    @Test(
        "W14 Passwords beyond ASCII, before the rotation and after it",
        arguments: ["pässwörd €", "\u{FB01}\u{2168}\u{00A0}\u{00AD}x", "😀🔑", #"q'"\%s`$(x)"#]
    )
    func passwords(password: String) async throws {
        let target = try await PostgresTarget(.singleUser)
        let quoted = password.replacing("'", with: "''")
        try await target.server.sql("ALTER ROLE \(target.role) PASSWORD '\(quoted)'")
        target.current = try target.changed(target.current, ["password": .string(password)])
        #expect(try await target.logsIn(target.current))
        try await target.rotate()
        #expect(try await target.logsIn(target.current))
        #expect(try await !target.logsIn(target.previous))
        target.pending = try target.changed(target.current, ["password": .string(password + "2")])
        _ = try await target.rotator.setSecret(try target.context())
        _ = try await target.rotator.testSecret(try target.context())
        // The server takes our verifier for what it would have made of the text itself.
        #expect(try await target.logsIn(target.pending))
    }
}
