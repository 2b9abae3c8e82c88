import Glibc
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("MariaDB servers in trouble", .timeLimit(.minutes(10)))
struct MariaDBTroubleTests {
    @Test("I4 I10 W5 a server that is down or hangs is unreachable, within the deadline, for every verb")
    func unreachable() async throws {
        let server = try await MariaDBServer.start()
        try await server.sql("CREATE USER app@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.overlapping, on: server, user: "app", password: "first")
        try await rotation.prepare()
        rotation.limit = .milliseconds(700)
        try server.signal(SIGSTOP)
        let start = ContinuousClock.now
        #expect(try await rotation.probe(.current).outcome == .unreachable)
        #expect(try await failure { try await rotation.set() }.code == .timeout)
        #expect(ContinuousClock.now - start < .seconds(4))
        try server.signal(SIGCONT)
        rotation.limit = .seconds(20)
        try await server.stop()
        #expect(try await rotation.probe(.pending).outcome == .unreachable)
        let down = try await failure { try await rotation.set() }
        #expect(down.code == .targetUnreachable && down.isRetryable && down.applied == .no)
        try await server.resume()
        try await rotation.resume()
    }

    @Test(
        "W20 a password too weak for simple_password_check is rejected for policy, before anything is sent; I8 strict servers are refused"
    )
    func policy() async throws {
        let server = try await MariaDBServer.start(settings: [
            "--plugin-load-add=simple_password_check", "--strict-password-validation=OFF",
        ])
        try await server.sql("CREATE USER app@'%' IDENTIFIED BY 'First-password-1'")
        for strategy in [RotationStrategy.singleUser, .overlapping, .alternatingUsers] {
            var rotation = MariaDBRotation(strategy, on: server, user: "app", password: "First-password-1")
            rotation.hasAdmin = strategy != .singleUser
            rotation.policy = PasswordPolicy(length: 20, excludesNumbers: true)
            try await rotation.prepare()
            let weak = try await failure { try await rotation.set() }
            #expect(weak.code == .policyRejected && weak.message.contains("digits") && weak.applied == .no)
            #expect(try await rotation.probe(.current).outcome == .accepted)
            #expect(try await rotation.probe(.pending).outcome == .refused)
        }
        try await server.sql("SET GLOBAL strict_password_validation = ON")
        var rotation = MariaDBRotation(.singleUser, on: server, user: "app", password: "First-password-1", hasAdmin: false)
        try await rotation.prepare()
        let strict = try await failure { try await rotation.set() }
        #expect(strict.code == .unsupported && strict.hint?.contains("strict_password_validation") == true)
        try await server.sql("SET GLOBAL strict_password_validation = OFF")
        try await rotation.rotate()
    }

    @Test("W11 an account that accepts anything: accepted, and no proof")
    func acceptsAnything() async throws {
        let server = try await MariaDBServer.start()
        let user = String(cString: getpwuid(geteuid()).pointee.pw_name)
        try await server.sql(
            "CREATE USER IF NOT EXISTS \(user)@localhost; ALTER USER \(user)@localhost IDENTIFIED VIA unix_socket OR ed25519 USING PASSWORD('x')"
        )
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "anything", hasAdmin: false)
        let members: [(String, JSONValue)] = [
            ("engine", "mariadb"), ("host", .string(server.socketPath)), ("username", .string(user)), ("password", "anything"),
        ]
        rotation.current = SecretValue(string: JSONValue.object(members.map { JSONValue.Member($0.0, $0.1) }).text)
        rotation.pending = rotation.current
        let probe = try await rotation.probe(.pending)
        #expect(probe.outcome == .accepted && !probe.isProof)
        #expect(try await failure { try await rotation.test() }.message.contains("any password"))
        #expect(try await failure { try await rotation.set() }.code != .internalError)
    }

    @Test("a locked and an expired account are locked, not refused")
    func locked() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("locked")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first' ACCOUNT LOCK")
        let rotation = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: false)
        #expect(try await rotation.probe(.current).outcome == .locked)
        try await server.sql("ALTER USER \(user)@'%' ACCOUNT UNLOCK PASSWORD EXPIRE")
        #expect(try await rotation.probe(.current).outcome == .locked)
    }

    @Test("W11 the failed logins of a whole rotation stay under max_password_errors")
    func failedLogins() async throws {
        // The server resets its count at a good login, but counts a failure only after it has answered it: in quick succession one failure
        // may outlast the good login that follows it.
        let server = try await MariaDBServer.start(settings: ["--max-password-errors=5"])
        try await server.sql("CREATE USER app@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: "app", password: "first", hasAdmin: false)
        for _ in 0..<4 {
            try await rotation.prepare()
            _ = try await rotation.probe(.pending)
            try await rotation.set()
            try await rotation.test()
            rotation.promote()
            #expect(try await rotation.probe(.current).isProof)
        }
    }

    @Test("preflight changes nothing, and says which accounts, what is in the way and what cannot be proven")
    func preflight() async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("pre")
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'; GRANT SUPER ON *.* TO \(user)@'%'")
        let before = try await server.sql("SHOW CREATE USER \(user)@'%'")
        let alone = MariaDBRotation(.singleUser, on: server, user: user, password: "first", hasAdmin: false)
        let findings = await alone.rotator.preflight(try alone.context)
        #expect(findings.contains { $0.check == "protected-account" && $0.level == .failed })
        #expect(findings.contains { $0.level == .unproven })
        #expect(findings.contains { $0.check == "login" && $0.level == .passed })
        let wrong = MariaDBRotation(.overlapping, on: server, user: user, password: "wrong")
        #expect(await wrong.rotator.preflight(try wrong.context).contains { $0.check == "login" && $0.level == .failed })
        #expect(try await server.sql("SHOW CREATE USER \(user)@'%'") == before)
    }

    @Test("I7 both twins are one account of one target, by whatever name the secret knows this machine")
    func identity() throws {
        let rotator = MariaDBRotator(strategy: .alternatingUsers, client: MariaDBRotation.client)
        for (user, host) in [("app", "127.0.0.1"), ("app_clone", "localhost"), ("app", "::1")] {
            let value = SecretValue(
                string: #"{"engine":"mariadb","host":"\#(host)","port":3307,"username":"\#(user)","password":"x"}"#
            )
            let identity = try rotator.identity(of: value, settings: RotatorSettings())
            #expect(identity == TargetIdentity(target: "mariadb://localhost:3307", account: "app"))
        }
    }

    @Test("an option that the rotator does not know is a configuration error with the list of those it knows")
    func options() async throws {
        let server = try await MariaDBServer.shared()
        var rotation = MariaDBRotation(.singleUser, on: server, user: "x", password: "x", options: ["adopt-clone": "true"])
        #expect(try await failure { try await rotation.prepare() }.hint?.contains("adopt_clone") == true)
    }
}
