import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("mariadb-overlapping on a real server", .timeLimit(.minutes(10)))
struct MariaDBOverlappingTests {
    @Test("W27 the old and the new password log in until retire; an older one does not; no client ever fails")
    func rotations() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("overlap")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.overlapping, on: server, user: user, password: "first")
        for round in 0..<4 {
            let oldest = rotation.previous
            try await rotation.prepare()
            #expect(try await rotation.logsIn(rotation.current))
            try await rotation.set()
            #expect(try await rotation.logsIn(rotation.current))
            #expect(try await rotation.logsIn(rotation.pending))
            try await rotation.test()
            rotation.promote()
            #expect(try await rotation.logsIn(rotation.previous))
            if let oldest { #expect(try await !rotation.logsIn(oldest), "round \(round)") }
        }
        try await _ = rotation.rotator.retire(rotation.context)
        #expect(try await rotation.logsIn(rotation.current))
        #expect(try await !rotation.logsIn(rotation.previous))
        let again = try await rotation.rotator.retire(rotation.context)
        #expect(again.message?.contains("no old password") == true)
    }

    @Test("I3 a repeated step changes nothing")
    func repeated() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("overlap")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.overlapping, on: server, user: user, password: "first")
        try await rotation.prepare()
        try await rotation.set()
        let before = try await server.sql("SHOW CREATE USER \(user)@'%'")
        #expect(try await rotation.set().message?.contains("already") == true)
        #expect(try await server.sql("SHOW CREATE USER \(user)@'%'") == before)
        #expect(try await rotation.probe(.pending).isProof)
    }

    @Test("retire removes nothing while the server refuses the current password")
    func retireRefused() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("overlap")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.overlapping, on: server, user: user, password: "first")
        try await rotation.rotate()
        let good = rotation.current
        rotation.current = MariaDBRotation.secret(user: user, password: "never set", port: server.port)
        #expect(try await failure { _ = try await rotation.rotator.retire(rotation.context) }.code == .authFailed)
        #expect(try await rotation.logsIn(good))
        #expect(try await rotation.logsIn(rotation.previous))
    }

    @Test("W17 every row with the old password changes; a row with another one stays, and is reported")
    func severalHosts() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("overlap")
        try await server.sql(
            """
            CREATE USER \(user)@'%' IDENTIFIED BY 'first'; CREATE USER \(user)@'10.%' IDENTIFIED BY 'first';
            CREATE USER \(user)@'192.168.%' IDENTIFIED BY 'not ours';
            """
        )
        let stranger = try await server.sql("SHOW CREATE USER \(user)@'192.168.%'")
        var rotation = MariaDBRotation(.overlapping, on: server, user: user, password: "first")
        try await rotation.prepare()
        #expect(try await rotation.set().warnings.contains { $0.contains("192.168.%") })
        func rules(_ host: String) async throws -> Substring {
            try await server.sql("SHOW CREATE USER \(user)@'\(host)'").split(separator: "IDENTIFIED")[1]
        }
        #expect(try await rules("%") == rules("10.%"))
        #expect(try await rules("%").contains(" OR "))
        #expect(try await server.sql("SHOW CREATE USER \(user)@'192.168.%'") == stranger)
        try await rotation.test()
    }

    @Test("W21 other plug-ins, limits and TLS requirements of the account stay as they are")
    func attributes() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("overlap")
        try await server.sql(
            """
            CREATE USER \(user)@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('first') OR unix_socket
            WITH MAX_USER_CONNECTIONS 7 PASSWORD EXPIRE INTERVAL 9 DAY
            """
        )
        var rotation = MariaDBRotation(.overlapping, on: server, user: user, password: "first")
        try await rotation.rotate()
        _ = try await rotation.rotator.retire(rotation.context)
        let definition = try await server.sql("SHOW CREATE USER \(user)@'%'")
        #expect(definition.contains("OR unix_socket WITH MAX_USER_CONNECTIONS 7 PASSWORD EXPIRE INTERVAL 9 DAY"))
        #expect(try await rotation.logsIn(rotation.current))
    }

    @Test("an anonymous or more specific row before the account is refused with an explanation, and nothing changes")
    func shadowing() async throws {
        let server = try await MariaDBServer.start()
        for shadow in ["''@'127.0.0.1'", "app@'127.0.0.1'", "''@localhost"] {
            try await server.sql("CREATE USER app@'%' IDENTIFIED BY 'first'; CREATE USER \(shadow) IDENTIFIED BY 'other'")
            let before = try await server.sql("SHOW CREATE USER app@'%'")
            var rotation = MariaDBRotation(.overlapping, on: server, user: "app", password: "first")
            try await rotation.prepare()
            let refusal = try await failure { try await rotation.set() }
            #expect(refusal.code == .configInvalid && refusal.hint != nil, "\(shadow): \(refusal.message)")
            #expect(try await server.sql("SHOW CREATE USER app@'%'") == before)
            try await server.sql("DROP USER app@'%'; DROP USER \(shadow)")
        }
    }

    @Test("without an admin secret, or with one that may not, the failure says so")
    func admin() async throws {
        let server = try await MariaDBServer.shared()
        let (user, weak) = (MariaDBServer.uniqueName("overlap"), MariaDBServer.uniqueName("weak"))
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'; CREATE USER \(weak)@'%' IDENTIFIED BY 'weak'")
        var rotation = MariaDBRotation(.overlapping, on: server, user: user, password: "first", hasAdmin: false)
        try await rotation.prepare()
        #expect(try await failure { try await rotation.set() }.code == .configInvalid)
        rotation.hasAdmin = true
        (rotation.adminName, rotation.adminPassword) = (weak, "weak")
        #expect(try await failure { try await rotation.set() }.code == .permissionDenied)
        rotation.adminPassword = "wrong"
        #expect(try await failure { try await rotation.set() }.code == .adminAuthFailed)
        try await server.sql("GRANT CREATE USER ON *.* TO \(weak)@'%'; GRANT SELECT ON mysql.* TO \(weak)@'%'")
        rotation.adminPassword = "weak"
        try await rotation.rotate()
    }

    @Test("I4 two rows, and a crash between them: pending logs in and is still no proof", arguments: StatementCutter.Side.allCases)
    func crash(side: StatementCutter.Side) async throws {
        let server = try await MariaDBServer.shared()
        let cutter = try StatementCutter(before: server)
        for statement in 1..<40 {
            let user = MariaDBServer.uniqueName("overlap")
            try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'; CREATE USER \(user)@'10.%' IDENTIFIED BY 'first'")
            var rotation = MariaDBRotation(.overlapping, on: server, user: user, password: "first")
            rotation.port = cutter.port
            try await rotation.prepare()
            cutter.cut(at: statement, side)
            var hasFailed = false
            do {
                try await rotation.set()
            } catch is RotationFailure {
                hasFailed = true
            }
            cutter.cut(at: nil)
            #expect(try await rotation.logsIn(rotation.current), "I1 at statement \(statement)")
            try await rotation.resume()
            #expect(try await rotation.logsIn(rotation.pending))
            #expect(try await rotation.logsIn(rotation.current))
            let same = try await server.sql(
                "SELECT COUNT(DISTINCT JSON_VALUE(Priv, '$.authentication_string')) FROM mysql.global_priv WHERE User = '\(user)'"
            )
            #expect(same == "1")
            if !hasFailed { return }
        }
        Issue.record("the step did not end within 40 statements")
    }
}
