import Glibc
import MariaDBClient
import SecretModel
import TestSupport
import Testing

@Suite("A conversation with a real MariaDB server", .timeLimit(.minutes(10)))
struct MariaDBConnectionTests {
    static let client = MariaDBClient()

    static func login(
        _ server: MariaDBServer,
        user: String = "root",
        password: String = MariaDBServer.rootPassword,
        encryption: MariaDBLogin.Encryption = .whenOffered,
        authorityFile: String? = nil
    ) -> MariaDBLogin {
        MariaDBLogin(
            endpoint: .tcp(host: "127.0.0.1", port: server.port),
            user: user,
            password: SecretValue(string: password),
            encryption: encryption,
            authorityFile: authorityFile
        )
    }

    static func failure(_ login: MariaDBLogin, within limit: Duration = .seconds(10), _ statement: String = "DO 1") async -> MariaDBError? {
        do {
            try await Self.client.withConnection(login, deadline: .now + limit) { _ = try $0.query(statement) }
            return nil
        } catch let error as MariaDBError {
            return error
        } catch {
            Issue.record("another error: \(error)")
            return nil
        }
    }

    @Test("rows come back as text, NULL as nil, utf8mb4 unharmed")
    func rows() async throws {
        let server = try await MariaDBServer.shared()
        let rows = try await Self.client.withConnection(Self.login(server), deadline: .now + .seconds(60)) { connection in
            let literal = try connection.literal("a'b\\c\"\n😀é")
            return try connection.query("SELECT 1, NULL, '', \(literal) UNION SELECT 2, 'x', 'y', 'z'")
        }
        #expect(rows == [["1", nil, "", "a'b\\c\"\n😀é"], ["2", "x", "y", "z"]])
    }

    @Test("a unix socket works, and clear text is fine there")
    func unixSocket() async throws {
        let server = try await MariaDBServer.shared()
        let login = MariaDBLogin(
            endpoint: .socket(path: server.socketPath),
            user: "root",
            password: SecretValue(string: MariaDBServer.rootPassword)
        )
        let isEncrypted = try await Self.client.withConnection(login, deadline: .now + .seconds(60)) { $0.isEncrypted }
        #expect(!isEncrypted)
    }

    @Test("literals survive NO_BACKSLASH_ESCAPES")
    func sqlMode() async throws {
        let server = try await MariaDBServer.shared()
        let rows = try await Self.client.withConnection(Self.login(server), deadline: .now + .seconds(60)) { connection in
            try connection.query("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'")
            return try connection.query("SELECT \(connection.literal("a'b\\c"))")
        }
        #expect(rows == [["a'b\\c"]])
    }

    @Test("I4 W5 each cause of a failed login has its own kind")
    func kinds() async throws {
        let server = try await MariaDBServer.shared()
        try await server.sql(
            """
            CREATE USER kinds_locked@'%' IDENTIFIED BY 'right' ACCOUNT LOCK;
            CREATE USER kinds_expired@'%' IDENTIFIED BY 'right' PASSWORD EXPIRE;
            CREATE USER kinds_plain@'%' IDENTIFIED BY 'right';
            """
        )
        func kind(_ user: String, _ password: String) async -> MariaDBError.Kind? {
            await Self.failure(Self.login(server, user: user, password: password))?.kind
        }
        #expect(await kind("kinds_plain", "right") == nil)
        #expect(await kind("kinds_plain", "wrong") == .refused)
        #expect(await kind("kinds_nobody", "wrong") == .refused)
        #expect(await kind("kinds_locked", "right") == .locked)
        #expect(await kind("kinds_expired", "right") == .locked)
        #expect(await kind("kinds_plain", "a\0b") == .invalid)
        let closed = MariaDBLogin(
            endpoint: .tcp(host: "127.0.0.1", port: try FreePort.next()),
            user: "root",
            password: SecretValue(string: "x")
        )
        #expect(await Self.failure(closed)?.kind == .unreachable)
        let unknown = MariaDBLogin(
            endpoint: .tcp(host: "no-such-host.invalid", port: 3306),
            user: "root",
            password: SecretValue(string: "x")
        )
        #expect(await Self.failure(unknown)?.kind == .unreachable)
    }

    @Test("a statement that is not allowed is a lack of permission, not a refused password")
    func permission() async throws {
        let server = try await MariaDBServer.shared()
        try await server.sql("CREATE USER perm_plain@'%' IDENTIFIED BY 'right'; CREATE ROLE perm_role")
        let login = Self.login(server, user: "perm_plain", password: "right")
        for statement in ["CREATE USER x@y", "SELECT * FROM mysql.global_priv", "GRANT perm_role TO root@localhost"] {
            #expect(await Self.failure(login, statement)?.kind == .permission, "\(statement)")
        }
    }

    @Test("I10 a server that hangs is left at the deadline, at login and in a statement")
    func hanging() async throws {
        let server = try await MariaDBServer.start()
        let clock = ContinuousClock()
        let slow = await clock.measure {
            #expect(await Self.failure(Self.login(server), within: .milliseconds(400), "SELECT SLEEP(30)")?.kind == .timeout)
        }
        // The server itself ends the statement a little before the deadline.
        #expect(slow >= .milliseconds(300) && slow < .seconds(3))
        try server.signal(SIGSTOP)
        let hung = await clock.measure {
            #expect(await Self.failure(Self.login(server), within: .milliseconds(400))?.kind == .timeout)
        }
        try server.signal(SIGCONT)
        #expect(hung >= .milliseconds(400) && hung < .seconds(3))
    }

    @Test("W6 I8 an error quotes neither the password nor a hash")
    func scrubbing() async throws {
        let server = try await MariaDBServer.shared()
        let hash = NativePasswordHash(of: SecretValue(string: "canary")).text
        let error = await Self.failure(Self.login(server), "ALTER USER nobody IDENTIFIED BY '\(MariaDBServer.rootPassword)' '\(hash)'")
        #expect(error?.code == 1064)
        #expect(error?.message.contains(MariaDBServer.rootPassword) == false)
        #expect(error?.message.contains(hash.dropFirst()) == false)
    }

    @Test("the hashes are those that the server computes")
    func hashes() async throws {
        let server = try await MariaDBServer.shared()
        for password in ["a", "old", "pässwörd😀", String(repeating: "x", count: 200)] {
            let native = try await server.sql("SET NAMES utf8mb4; SELECT PASSWORD('\(password)')")
            #expect(NativePasswordHash(of: SecretValue(string: password)).text == native)
        }
        let long = "0123456789abcdef0123456789ABCDEF"
        try await server.sql("CREATE USER hash_ed@'%' IDENTIFIED VIA ed25519 USING PASSWORD('\(long)')")
        let created = try await server.sql("SHOW CREATE USER hash_ed@'%'")
        let key = try #require(Ed25519PasswordKey(of: SecretValue(string: long)))
        #expect(created.contains("'\(key.text)'"))
        #expect(Ed25519PasswordKey(of: SecretValue(string: "short")) == nil)
        #expect(await Self.failure(Self.login(server, user: "hash_ed", password: long)) == nil)
        #expect(await Self.failure(Self.login(server, user: "hash_ed", password: "wrong"))?.kind == .refused)
    }
}
