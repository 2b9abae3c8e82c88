import SecretModel
import TestSupport
import Testing

/// Real PostgreSQL, a real daemon, unmodified boto3.
@Suite(.timeLimit(.minutes(10))) struct PostgresRotationTests {
    private func rotations(_ daemon: DaemonProcess, _ name: String, value: JSONValue, rotator: String, times: Int) async throws
        -> [WitnessedRotation]
    {
        let rules: JSONValue = ["AutomaticallyAfterDays": 30]
        let seen = try await daemon.script("rotate.py", name, value.text, rotator, rules.text, "\(times)")
        return try (seen.arrayValue ?? []).map(WitnessedRotation.init)
    }

    private func value(_ server: PostgresServer, _ user: String, _ password: String) -> JSONValue {
        [
            "engine": "postgres", "host": "127.0.0.1", "port": .integer(server.port), "dbname": "postgres", "username": .string(user),
            "password": .string(password), "ssl": false,
        ]
    }

    @Test func singleUserTurnsItsOwnPasswordThreeTimes() async throws {
        let server = try await PostgresServer.shared()
        let user = PostgresServer.uniqueName("e2e_pg_single")
        try await server.sql("CREATE ROLE \(user) LOGIN PASSWORD 'at-first'")
        let daemon = try await DaemonProcess.shared()
        // AWS's own template name stands for the built-in rotator.
        let seen = try await self.rotations(
            daemon,
            "e2e/\(user)",
            value: self.value(server, user, "at-first"),
            rotator: "SecretsManagerRDSPostgreSQLRotationSingleUser",
            times: 3
        )
        #expect(Set(seen.map(\.password)).count == 3)
        #expect(try await server.login(user, "at-first") == nil)
        for old in seen.dropLast() { #expect(try await server.login(user, old.password) == nil) }
        let last = try #require(seen.last)
        #expect(try await server.login(user, last.password) == user)
        #expect(last.stages == ["AWSCURRENT"])
        // Days: the last second of the window's UTC day, 30 days after the rotation.
        #expect(last.next.truncatingRemainder(dividingBy: 86_400) == 86_399)
        #expect(((last.next - last.last) / 86_400).rounded(.down) >= 29)
        let previous = try await daemon.value("e2e/\(user)", stage: "AWSPREVIOUS")
        #expect(previous["password"]?.stringValue == seen[1].password)
    }

    @Test func alternatingUsersTakeTurnsFourTimesWithTheSameRights() async throws {
        let server = try await PostgresServer.shared()
        let user = PostgresServer.uniqueName("e2e_pg_alternating")
        let admin = PostgresServer.uniqueName("e2e_pg_admin")
        let table = PostgresServer.uniqueName("e2e_pg_table")
        try await server.sql(
            """
            CREATE ROLE \(admin) LOGIN CREATEROLE PASSWORD 'admin-password';
            CREATE ROLE \(user) LOGIN PASSWORD 'at-first';
            CREATE TABLE \(table) (id int); GRANT SELECT, INSERT ON \(table) TO \(user);
            GRANT CREATE ON SCHEMA public TO \(user);
            """
        )
        let daemon = try await DaemonProcess.shared()
        try await daemon.answer(
            "create-secret",
            "--name",
            "e2e/\(admin)",
            "--secret-string",
            self.value(server, admin, "admin-password").text
        )
        let arn = try await daemon.answer("describe-secret", "--secret-id", "e2e/\(admin)")["ARN"]?.stringValue ?? ""
        let seen = try await self.rotations(
            daemon,
            "e2e/\(user)",
            value: self.value(server, user, "at-first").setting("masterarn", to: .string(arn)),
            rotator: "postgres-alternating-users",
            times: 4
        )
        #expect(seen.map(\.username) == ["\(user)_clone", user, "\(user)_clone", user])
        // Both accounts of the last two turns log in: no client has to fail.
        for turn in seen.suffix(2) {
            #expect(try await server.login(turn.username, turn.password, "SELECT session_user") == turn.username)
            #expect(try await server.login(turn.username, turn.password, "INSERT INTO \(table) VALUES (1) RETURNING id") == "1")
        }
        // W9: what the twin makes belongs to the original.
        let twin = seen[2]
        let made = PostgresServer.uniqueName("e2e_pg_made")
        _ = try await server.login(twin.username, twin.password, "CREATE TABLE \(made) (id int)")
        #expect(try await server.sql("SELECT tableowner FROM pg_tables WHERE tablename = '\(made)'") == user)
        #expect(try await server.login(user, seen[3].password, "DROP TABLE \(made)") != nil)
    }
}
