import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("MariaDB, what AWS's multi-user function loses", .timeLimit(.minutes(10)))
struct MariaDBTwinFaultTests {
    @Test("W2 A statement that fails while privileges are copied leaves the twin locked, however often it is retried")
    func failingStatement() async throws {
        let server = try await MariaDBServer.shared()
        let (user, weak) = (MariaDBServer.uniqueName("app"), MariaDBServer.uniqueName("weak"))
        try await server.sql(
            """
            CREATE DATABASE \(user); CREATE USER \(user)@'%' IDENTIFIED BY 'first';
            GRANT SELECT, INSERT ON \(user).* TO \(user)@'%'; GRANT PROCESS ON *.* TO \(user)@'%';
            CREATE USER \(weak)@'%' IDENTIFIED BY 'weak'; GRANT CREATE USER ON *.* TO \(weak)@'%'; GRANT SELECT ON mysql.* TO \(weak)@'%';
            GRANT SELECT, INSERT ON \(user).* TO \(weak)@'%' WITH GRANT OPTION;
            """
        )
        var rotation = MariaDBRotation(.alternatingUsers, on: server, user: user, password: "first", admin: (weak, "weak"))
        try await rotation.prepare()
        let pending = try #require(rotation.pending)
        for _ in 1...3 {
            let refusal = try await failure { try await rotation.set() }
            #expect(refusal.code == .permissionDenied && !refusal.isRetryable)
            #expect(try await !rotation.logsIn(pending))
            #expect(try await rotation.probe(.pending).outcome != .accepted)
            #expect(try await server.sql("SHOW CREATE USER \(user)_clone@'%'").hasSuffix("ACCOUNT LOCK"))
        }
        try await server.sql("GRANT PROCESS ON *.* TO \(weak)@'%' WITH GRANT OPTION")
        try await rotation.rotate()
        #expect(rotation.current.isSame(as: pending), "I3: the same value")
        #expect(try await server.sql("SHOW GRANTS FOR \(user)_clone@'%'").contains("PROCESS"))
    }

    @Test(
        "W7 W13 Every kind of grant, under names that break a statement cut at \" TO \": equal after each of three turns",
        arguments: ["%", "10.0.0.0/255.255.255.0", "::1", "db%.example.com"],
        ["a TO b", "o'ne`il", "100%s\\\"@x", "üñí WITH GRANT OPTION"]
    )
    func everything(host: String, stem: String) async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName(stem)
        func quoted(_ name: String) -> String { "`\(name.replacing("`", with: "``"))`" }
        let (database, table, column) = (quoted(user), quoted("t ON *.* TO 'x'"), quoted("a`b, (c)"))
        let (role, second) = (quoted(user + " r"), quoted(user + " r, ADMIN"))
        func script(_ name: String) -> String {
            let account = "\(quoted(name))@'\(host)'"
            return """
                CREATE USER \(account) IDENTIFIED BY 'first' REQUIRE CIPHER 'ECDHE-X' AND ISSUER '/CN=o''neil' AND SUBJECT '/CN="a"'
                  WITH MAX_QUERIES_PER_HOUR 9000 MAX_UPDATES_PER_HOUR 8000 MAX_CONNECTIONS_PER_HOUR 7000 MAX_USER_CONNECTIONS 60
                  MAX_STATEMENT_TIME 1.5 PASSWORD EXPIRE NEVER;
                GRANT SELECT, CREATE TEMPORARY TABLES, LOCK TABLES ON \(database).* TO \(account) WITH GRANT OPTION;
                GRANT SELECT, SHOW VIEW ON `wild\\_card%`.* TO \(account);
                GRANT INSERT (\(column), id), UPDATE (id), REFERENCES (\(column)), TRIGGER, DELETE HISTORY ON \(database).\(table) TO \(account);
                GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE \(database).`p``1` TO \(account) WITH GRANT OPTION;
                GRANT EXECUTE ON FUNCTION \(database).`f TO g` TO \(account);
                SET sql_mode = ORACLE; GRANT EXECUTE ON PACKAGE \(database).k TO \(account);
                GRANT EXECUTE ON PACKAGE BODY \(database).k TO \(account); SET sql_mode = DEFAULT;
                GRANT RELOAD, BINLOG MONITOR, CONNECTION ADMIN, SHOW DATABASES ON *.* TO \(account);
                GRANT \(role) TO \(account); GRANT \(second) TO \(account) WITH ADMIN OPTION; SET DEFAULT ROLE \(second) FOR \(account);
                GRANT PROXY ON ''@'%' TO \(account); GRANT PROXY ON 'x TO y'@'10.%' TO \(account) WITH GRANT OPTION;
                """
        }
        try await server.sql(
            """
            SET NAMES utf8mb4; CREATE DATABASE \(database); CREATE TABLE \(database).\(table) (id INT, \(column) INT);
            CREATE PROCEDURE \(database).`p``1`() SELECT 1; CREATE FUNCTION \(database).`f TO g`() RETURNS INT RETURN 1;
            SET sql_mode = ORACLE;
            DELIMITER //
            CREATE PACKAGE \(database).k AS PROCEDURE q; END; //
            CREATE PACKAGE BODY \(database).k AS PROCEDURE q AS BEGIN NULL; END; END; //
            DELIMITER ;
            SET sql_mode = DEFAULT; CREATE ROLE \(role); CREATE ROLE \(second);
            """
        )
        try await server.sql("SET NAMES utf8mb4; " + script(user))
        // Nobody logs in from these hosts with such a certificate: this row is for its rights, another one for the login.
        try await server.sql("SET NAMES utf8mb4; CREATE USER \(quoted(user))@'127.0.0.1' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.alternatingUsers, on: server, user: user, password: "first")
        func rights(_ name: String) async throws -> [String] {
            let account = "\(quoted(name))@'\(host)'"
            let text = try await server.sql("SET NAMES utf8mb4; SHOW GRANTS FOR \(account); SHOW CREATE USER \(account)")
            return text.split(separator: "\n").map { line in
                String(line).replacing("\(quoted(name))@", with: "`USER`@").replacing(#/'\*[0-9A-F]{40}'/#, with: "HASH")
            }.sorted()
        }
        for turn in 0..<3 {
            try await rotation.rotate()
            #expect(try await rotation.logsIn(rotation.current), "turn \(turn)")
            #expect(try await rights(user) == rights(user + "_clone"), "turn \(turn)")
        }
    }

    @Test("W15 Users of 128 characters are made; one more is refused with the number, before anything is made")
    func longNames() async throws {
        let server = try await MariaDBServer.shared()
        let asked = try await server.sql(
            """
            SELECT CHARACTER_MAXIMUM_LENGTH FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = 'mysql' AND TABLE_NAME = 'global_priv' AND COLUMN_NAME = 'User'
            """
        )
        #expect(asked == "128", "the limit that Keyturn knows is the server's own")
        let stem = MariaDBServer.uniqueName("ü")
        let user = stem + String(repeating: "x", count: 122 - stem.count)
        try await server.sql("SET NAMES utf8mb4; CREATE USER '\(user)'@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.alternatingUsers, on: server, user: user, password: "first")
        try await rotation.rotate()
        try await rotation.rotate()
        #expect(try await rotation.logsIn(rotation.previous))
        var longer = MariaDBRotation(.alternatingUsers, on: server, user: user + "y", password: "first")
        let refusal = try await failure { try await longer.prepare() }
        #expect(refusal.code == .configInvalid && refusal.message.contains("128"))
    }

    @Test("W24 An admin secret of another server is refused, whatever the secret's own value says")
    func foreignAdmin() async throws {
        let server = try await MariaDBServer.shared()
        for strategy in [RotationStrategy.singleUser, .overlapping, .alternatingUsers] {
            let user = MariaDBServer.uniqueName("app")
            try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'")
            var rotation = MariaDBRotation(strategy, on: server, user: user, password: "first")
            let text = try #require(rotation.current.string)
            let elsewhere = try JSONValue(parsing: text).setting("host", to: "localhost")
            rotation.current = SecretValue(string: elsewhere.setting("masterarn", to: "arn:aws:secretsmanager:x:y:secret:z").text)
            let refusal = try await failure {
                try await rotation.prepare()
                try await rotation.set()
            }
            #expect(refusal.code == .configInvalid && refusal.message.contains("admin secret"))
        }
    }

    @Test("W27 Only with expire_previous does retire lock the previous user, on each host, and its next turn unlocks it")
    func retire() async throws {
        let server = try await MariaDBServer.shared()
        let (fixture, user, _) = try await MariaDBAlternatingTests.fixture(server)
        var rotation = fixture
        try await rotation.rotate()
        _ = try await rotation.rotator.retire(rotation.context)
        #expect(try await rotation.logsIn(rotation.previous))
        rotation.options = ["expire_previous": "true"]
        for turn in 0..<4 {
            let report = try await rotation.rotator.retire(rotation.context)
            #expect(report.message?.contains("locked \(turn % 2 == 0 ? user : user + "_clone")@%") == true)
            #expect(try await rotation.rotator.retire(rotation.context).message?.contains("already") == true)
            #expect(try await !rotation.logsIn(rotation.previous), "turn \(turn)")
            #expect(try await rotation.logsIn(rotation.current), "turn \(turn)")
            for host in ["%", "10.%"] {
                let name = try MariaDBRotation.username(rotation.previous)
                #expect(try await server.sql("SHOW CREATE USER \(name)@'\(host)'").contains("ACCOUNT LOCK"))
            }
            try await rotation.rotate()
            #expect(try await rotation.logsIn(rotation.current), "turn \(turn)")
        }
        #expect(try await MariaDBAlternatingTests.hasParity(server, user))
        let good = rotation.current
        rotation.current = MariaDBRotation.secret(user: user, password: "never set", port: server.port)
        #expect(try await failure { _ = try await rotation.rotator.retire(rotation.context) }.code == .authFailed)
        #expect(try await rotation.logsIn(good))
    }

    @Test("W17 With expire_previous retire leaves an account of the same name alone that has another password")
    func retireLeavesOthers() async throws {
        let server = try await MariaDBServer.shared()
        let (fixture, user, _) = try await MariaDBAlternatingTests.fixture(server)
        try await server.sql("CREATE USER \(user)@'192.0.2.1' IDENTIFIED BY 'somebody else''s'")
        var rotation = fixture
        rotation.options = ["expire_previous": "true"]
        try await rotation.rotate()
        let report = try await rotation.rotator.retire(rotation.context)
        #expect(report.message?.contains("locked \(user)@%") == true)
        #expect(try await !rotation.logsIn(rotation.previous))
        #expect(try await !server.sql("SHOW CREATE USER \(user)@'192.0.2.1'").contains("ACCOUNT LOCK"))
    }
}
