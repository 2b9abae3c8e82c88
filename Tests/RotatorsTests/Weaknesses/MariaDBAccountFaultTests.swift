import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("MariaDB, accounts that AWS's functions fail on", .timeLimit(.minutes(10)))
struct MariaDBAccountFaultTests {
    @Test("W3 With `ssl` absent, a certificate that does not verify ends the rotation: no password is changed, in clear text or otherwise")
    func downgrade() async throws {
        let (authority, stranger) = (try await TestAuthority(), try await TestAuthority())
        let issued = try await authority.issue(for: ["IP:127.0.0.1"])
        let server = try await MariaDBServer.start(
            settings: ["--ssl-cert=SCRATCH/server.pem", "--ssl-key=SCRATCH/server.key"],
            files: ["server.pem": issued.certificate, "server.key": issued.key]
        )
        try await server.sql("CREATE USER app@'%' IDENTIFIED BY 'first'")
        let before = try await server.sql("SHOW CREATE USER app@'%'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: "app", password: "first", hasAdmin: false)
        try await rotation.prepare()
        for authorities in [stranger.certificatePath, nil] {
            rotation.options["tls_ca_file"] = authorities
            let refusal = try await failure { try await rotation.set() }
            #expect(refusal.message.contains("clear text is never used instead") && refusal.applied == .no)
            #expect(refusal.probeOutcome != .refused)
        }
        #expect(try await server.sql("SHOW CREATE USER app@'%'") == before)
        func logins() throws -> [Substring] {
            try server.generalLog().split(separator: "\n").filter { $0.contains("Connect\tapp@") }
        }
        #expect(try logins() == [], "no login without a verified server")
        rotation.options["tls_ca_file"] = authority.certificatePath
        try await rotation.rotate()
        #expect(try !logins().isEmpty && logins().allSatisfy { $0.contains("SSL/TLS") })
    }

    @Test("W17 With an admin, no account of the user keeps the old password; one with a password of its own is reported and left alone")
    func severalHosts() async throws {
        let server = try await MariaDBServer.shared()
        for strategy in [RotationStrategy.singleUser, .alternatingUsers] {
            let user = MariaDBServer.uniqueName("hosts")
            try await server.sql(
                """
                CREATE USER \(user)@'%' IDENTIFIED BY 'first'; CREATE USER \(user)@'10.%' IDENTIFIED BY 'first';
                CREATE USER \(user)@'192.168.%' IDENTIFIED BY 'not ours';
                """
            )
            var rotation = MariaDBRotation(strategy, on: server, user: user, password: "first")
            func hash(_ host: String) async throws -> String {
                try await server.sql(
                    """
                    SELECT JSON_VALUE(Priv, '$.authentication_string') FROM mysql.global_priv WHERE User = '\(user)' AND Host = '\(host)'
                    """
                )
            }
            let (first, stranger) = (try await hash("%"), try await hash("192.168.%"))
            if strategy == .alternatingUsers { try await rotation.rotate() }
            try await rotation.prepare()
            #expect(try await rotation.set().warnings.contains { $0.contains("192.168.%") })
            try await rotation.test()
            #expect(try await hash("%") == hash("10.%"))
            #expect(try await hash("%") != first)
            #expect(try await hash("192.168.%") == stranger)
        }
    }

    @Test("W20 A plug-in that sees only hashes cannot be tricked into a half-made change: password_reuse_check, strict or not")
    func reuseCheck() async throws {
        let server = try await MariaDBServer.start(settings: [
            "--plugin-load-add=password_reuse_check", "--strict-password-validation=OFF",
        ])
        try await server.sql("CREATE USER app@'%' IDENTIFIED BY 'First-password-1'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: "app", password: "First-password-1", hasAdmin: false)
        try await rotation.rotate()
        try await server.sql("SET GLOBAL strict_password_validation = ON")
        for hasAdmin in [false, true] {
            rotation.hasAdmin = hasAdmin
            try await rotation.prepare()
            let refusal = try await failure { try await rotation.set() }
            #expect(refusal.code == .unsupported && refusal.applied == .no && refusal.message.contains("password_reuse_check"))
            #expect(try await rotation.logsIn(rotation.current))
        }
    }

    @Test(
        "W21 An account that another plug-in lets in first: refused without an admin, and with one its list of plug-ins stays",
        arguments: [
            "unix_socket OR mysql_native_password USING PASSWORD('first')", "mysql_native_password USING PASSWORD('first') OR unix_socket",
        ]
    )
    func plugins(rules: String) async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("socket")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED VIA \(rules)")
        func plugins() async throws -> String {
            let definition = try await server.sql("SHOW CREATE USER \(user)@'%'")
            return definition.replacing(#/'\*[0-9A-F]{40}'/#, with: "HASH")
        }
        let (definition, before) = (try await server.sql("SHOW CREATE USER \(user)@'%'"), try await plugins())
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: false)
        try await rotation.prepare()
        let refusal = try await failure { try await rotation.set() }
        #expect(refusal.code == .unsupported && refusal.hint?.contains("admin secret") == true)
        #expect(try await server.sql("SHOW CREATE USER \(user)@'%'") == definition)
        rotation.hasAdmin = true
        try await rotation.rotate()
        #expect(try await plugins() == before)
        #expect(try await rotation.logsIn(rotation.current))
        #expect(try await !rotation.logsIn(rotation.previous))
    }
}
