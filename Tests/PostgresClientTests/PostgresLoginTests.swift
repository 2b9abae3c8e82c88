import Glibc
import PostgresClient
import SecretModel
import TestSupport
import Testing

@Suite("Logging in to PostgreSQL")
struct PostgresLoginTests {
    @Test("The right password logs in over IPv4, IPv6 and the Unix socket", arguments: ["127.0.0.1", "localhost", "::1", "socket"])
    func hosts(host: String) async throws {
        let account = try await PostgresAccount()
        let login = account.login(host: host == "socket" ? account.server.socketDirectory : host)
        let rows = try await account.run("SELECT session_user AS who, $1::text AS echo, NULL AS nothing", ["ü'; --"], as: login)
        #expect(rows.first?["who"] == account.role)
        #expect(rows.first?["echo"] == "ü'; --")
        #expect(rows.first?["nothing"] == nil)
    }

    @Test("Passwords with every printable character, quotes, backslashes and non-ASCII log in")
    func everyCharacter() async throws {
        let account = try await PostgresAccount()
        let text = String(String.UnicodeScalarView((32..<127).compactMap { Unicode.Scalar($0) })) + "äß€😀"
        try await account.server.sql("ALTER ROLE \(account.role) PASSWORD '\(text.replacing("'", with: "''"))'")
        let rows = try await account.run("SELECT 1 AS one", as: account.login(password: SecretValue(string: text)))
        #expect(rows.first?["one"] == "1")
    }

    @Test("A wrong password is refused, and the password is not in the error (I8)")
    func wrongPassword() async throws {
        let account = try await PostgresAccount()
        let error = try await failure { try await account.run("SELECT 1", as: account.login(password: SecretValue(string: "canary-4711"))) }
        #expect(error.kind == .refused)
        #expect(error.sqlState == "28P01")
        #expect(error.message == "password authentication failed for user \"\(account.role)\"")
        #expect(!"\(error)".contains("canary-4711"))
    }

    @Test("A role that does not exist looks refused, as the server wants it")
    func unknownRole() async throws {
        let account = try await PostgresAccount()
        var login = account.login()
        login.username = "nobody_of_that_name"
        #expect(try await failure { try await account.run("SELECT 1", as: login) }.kind == .refused)
    }

    @Test("NOLOGIN with the right password is locked, not refused")
    func noLogin() async throws {
        let account = try await PostgresAccount("NOLOGIN")
        #expect(try await failure { try await account.run("SELECT 1") }.kind == .locked)
        let wrong = account.login(password: SecretValue(string: "wrong"))
        #expect(try await failure { try await account.run("SELECT 1", as: wrong) }.kind == .refused)
    }

    @Test("Causes that say nothing about the password are told apart")
    func otherCauses() async throws {
        let account = try await PostgresAccount("LOGIN CONNECTION LIMIT 0")
        #expect(try await failure { try await account.run("SELECT 1") }.kind == .unreachable)
        try await account.server.sql("ALTER ROLE \(account.role) CONNECTION LIMIT -1")
        let elsewhere = account.login(database: "no_such_database")
        #expect(try await failure { try await account.run("SELECT 1", as: elsewhere) }.kind == .notFound)
        try await account.server.sql("REVOKE CONNECT ON DATABASE \(account.database) FROM PUBLIC")
        #expect(try await failure { try await account.run("SELECT 1") }.kind == .permission)
    }

    @Test("Nobody listening, and a name that does not resolve, are unreachable")
    func unreachable() async throws {
        let account = try await PostgresAccount()
        var login = account.login()
        login.port = try FreePort.next()
        #expect(try await failure { try await account.run("SELECT 1", as: login) }.kind == .unreachable)
        login.hosts = ["no-such-host.invalid"]
        #expect(try await failure { try await account.run("SELECT 1", as: login) }.kind == .unreachable)
    }

    @Test("A server that never answers keeps us no longer than the deadline")
    func silentServer() async throws {
        let account = try await PostgresAccount()
        let silent = try SilentListener()
        var login = account.login()
        login.port = silent.port
        let start = ContinuousClock.now
        let error = try await failure {
            try await PostgresAccount.client.withConnection(to: login, deadline: start + .milliseconds(300)) { _ in true }
        }
        #expect(error.kind == .timedOut)
        #expect(!error.isOutcomeUnknown)
        #expect(ContinuousClock.now - start < .seconds(4), "less than the connect timeout")
    }

    @Test("With several hosts, one that does not answer leads to the next; one that refuses does not")
    func severalHosts() async throws {
        let account = try await PostgresAccount()
        let rows = try await account.run("SELECT 1 AS one", as: account.login(host: "\(account.server.socketDirectory)/none,127.0.0.1"))
        #expect(rows.first?["one"] == "1")
        let refused = account.login(host: "127.0.0.1,::1", password: SecretValue(string: "wrong"))
        #expect(try await failure { try await account.run("SELECT 1", as: refused) }.kind == .refused)
        let log = try account.server.log()
        #expect(log.ranges(of: "password authentication failed for user \"\(account.role)\"").count == 1)
    }

    @Test("W11 Trust authentication is seen: no password was asked for")
    func trust() async throws {
        let account = try await PostgresAccount()
        let usedPassword: @Sendable (borrowing PostgresConnection) throws(PostgresError) -> Bool = { $0.usedPassword }
        #expect(try await PostgresAccount.client.withConnection(to: account.login(), deadline: .now + .seconds(60), usedPassword))
        try await account.server.sql("GRANT trusted_accounts TO \(account.role)")
        #expect(try await !PostgresAccount.client.withConnection(to: account.login(), deadline: .now + .seconds(60), usedPassword))
    }

    @Test("Names with quotes, blanks and percent signs log in and are quoted")
    func strangeName() async throws {
        let account = try await PostgresAccount()
        let name = "we\"ird %user' " + account.role
        try await account.server.sql("CREATE ROLE \"\(name.replacing("\"", with: "\"\""))\" LOGIN PASSWORD 'right horse-battery'")
        var login = account.login()
        login.username = name
        let who = try await PostgresAccount.client.withConnection(to: login, deadline: .now + .seconds(60)) {
            connection throws(PostgresError) in
            let verifier = try connection.verifier(of: SecretValue(string: "new one"), username: name, algorithm: "scram-sha-256")
            let statement = "ALTER ROLE \(try connection.identifier(name)) PASSWORD \(try connection.literal(verifier))"
            try connection.run(statement, hiding: [verifier])
            return try connection.run("SELECT session_user AS who").first?["who"]
        }
        #expect(who == name)
        login.password = SecretValue(string: "new one")
        #expect(try await account.run("SELECT 1 AS one", as: login).first?["one"] == "1")
    }
}
