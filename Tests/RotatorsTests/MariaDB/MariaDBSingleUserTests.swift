import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("mariadb-single-user on a real server", .timeLimit(.minutes(10)))
struct MariaDBSingleUserTests {
    @Test("several rotations in a row: the new password logs in, the old one does not", arguments: [false, true])
    func rotations(hasAdmin: Bool) async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("single")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: hasAdmin)
        for _ in 0..<3 {
            let old = rotation.current
            try await rotation.rotate()
            #expect(try await rotation.logsIn(rotation.current))
            #expect(try await !rotation.logsIn(old))
        }
    }

    @Test("W11 W19 a rotation logs in twice, with no wrong password where the server's definition of the account proves the login")
    func logins() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("single")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: false)
        func logins() throws -> Int { try server.generalLog().ranges(of: "Connect\t\(user)@").count }
        try await rotation.rotate()
        #expect(try logins() == 2)
        #expect(try await rotation.probe(.current).isProof)
        #expect(try logins() == 3)
        #expect(try !server.generalLog().contains("Access denied for user '\(user)'"))
    }

    @Test("I3 I4 a repeated step leaves the same password and reports the account")
    func repeated() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("single")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: false)
        try await rotation.prepare()
        try await rotation.set()
        let again = try await rotation.set()
        #expect(again.message?.contains("already") == true)
        #expect(try await rotation.test().account == "\(user)@%")
        #expect(try await rotation.probe(.pending).isProof)
        #expect(try await rotation.probe(.current).outcome == .refused)
    }

    @Test("I4 current refused, previous accepted: pending is set and the drift reported")
    func previous() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("single")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'restored'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "lost", hasAdmin: false)
        rotation.previous = MariaDBRotation.secret(user: user, password: "restored", port: server.port)
        try await rotation.prepare()
        #expect(try await rotation.set().warnings.contains { $0.contains("drift") })
        try await rotation.test()
    }

    @Test("W16 I4 all refused: without an admin it fails as refused, with one it is mended")
    func allRefused() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("single")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'somebody changed it'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "lost", hasAdmin: false)
        try await rotation.prepare()
        #expect(try await failure { try await rotation.set() }.code == .authFailed)
        rotation.hasAdmin = true
        #expect(try await rotation.set().warnings.contains { $0.contains("none of the secret's passwords") })
        try await rotation.test()
    }

    @Test("W21 an account with another plug-in beside the password is not changed silently")
    func plugins() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("single")
        let definition = "IDENTIFIED VIA ed25519 USING PASSWORD('other') OR mysql_native_password USING PASSWORD('first')"
        try await server.sql("CREATE USER \(user)@'%' \(definition)")
        let before = try await server.sql("SHOW CREATE USER \(user)@'%'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: false)
        try await rotation.prepare()
        let refusal = try await failure { try await rotation.set() }
        #expect(refusal.code == .unsupported && refusal.message.contains("ed25519") && !refusal.isRetryable)
        #expect(try await server.sql("SHOW CREATE USER \(user)@'%'") == before)
    }

    @Test("ed25519 accounts keep their plug-in", arguments: [false, true])
    func ed25519(hasAdmin: Bool) async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("single")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED VIA ed25519 USING PASSWORD('first')")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: hasAdmin)
        if hasAdmin {
            // The key of a password that is not 32 bytes long cannot be recognised among the rows; here there is only one row.
            rotation.previous = nil
        }
        try await rotation.rotate()
        try await rotation.rotate()
        #expect(try await server.sql("SHOW CREATE USER \(user)@'%'").contains("ed25519"))
    }

    @Test(
        "W13 W14 names that need quoting, passwords with everything printable",
        arguments: ["o'neil", "back`tick", "a \"b\" TO c", "üñí_😀", "a%b@c"]
    )
    func quoting(stem: String) async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName(stem.replacing("😀", with: ""))
        let quoted = "`\(user.replacing("`", with: "``"))`"
        try await server.sql("SET NAMES utf8mb4; CREATE USER \(quoted)@'%' IDENTIFIED BY 'p\\'\"\\\\ü %s`'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "p'\"\\ü %s`", hasAdmin: false)
        rotation.policy = PasswordPolicy(length: 64, includesSpace: true)
        try await rotation.rotate()
        rotation.hasAdmin = true
        try await rotation.rotate()
        #expect(try await rotation.logsIn(rotation.current))
    }

    @Test("a pending value for another user or host is refused before anything happens")
    func otherUser() async throws {
        let server = try await MariaDBServer.shared()
        var rotation = MariaDBRotation(.singleUser, on: server, user: "anybody", password: "x", hasAdmin: false)
        rotation.pending = MariaDBRotation.secret(user: "root", password: "y", port: server.port)
        #expect(try await failure { try await rotation.set() }.code == .configInvalid)
    }

    @Test("A14 an account with SUPER is rotated only where the rules allow it")
    func protected() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("single")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'; GRANT SUPER ON *.* TO \(user)@'%'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: false)
        try await rotation.prepare()
        #expect(try await failure { try await rotation.set() }.hint?.contains("allow_protected") == true)
        #expect(try await rotation.logsIn(rotation.current))
        rotation.options = ["allow_protected": "true"]
        try await rotation.rotate()
    }

    @Test("I8 W4 the server's general log never contains a password")
    func generalLog() async throws {
        let server = try await MariaDBServer.shared()
        for (strategy, hasAdmin) in [
            (RotationStrategy.singleUser, false), (.singleUser, true), (.overlapping, true), (.alternatingUsers, true),
        ] {
            let user = MariaDBServer.uniqueName("canary")
            try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'")
            var rotation = MariaDBRotation(strategy, on: server, user: user, password: "first", hasAdmin: hasAdmin)
            for _ in 0..<2 {
                try await rotation.rotate()
                let canary = try MariaDBRotation.password(rotation.current)
                let log = try server.generalLog()
                #expect(log.contains(user) && !log.contains(canary), "\(strategy)")
            }
        }
    }
}
