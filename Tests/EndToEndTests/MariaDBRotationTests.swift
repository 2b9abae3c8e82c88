import SecretModel
import TestSupport
import Testing

/// Real MariaDB, a real daemon, unmodified boto3 and aws CLI.
@Suite(.timeLimit(.minutes(10))) struct MariaDBRotationTests {
    private func rotations(_ daemon: DaemonProcess, _ name: String, value: JSONValue, rotator: String, times: Int) async throws
        -> [WitnessedRotation]
    {
        let rules: JSONValue = ["ScheduleExpression": "rate(10 days)", "Duration": "3h"]
        let seen = try await daemon.script("rotate.py", name, value.text, rotator, rules.text, "\(times)")
        return try (seen.arrayValue ?? []).map(WitnessedRotation.init)
    }

    private func value(_ server: MariaDBServer, _ user: String, _ password: String) -> JSONValue {
        [
            "engine": "mariadb", "host": "127.0.0.1", "port": .integer(server.port), "username": .string(user),
            "password": .string(password), "ssl": false,
        ]
    }

    /// An account with rights on a database of its own, and an admin secret.
    private func account(_ server: MariaDBServer, _ daemon: DaemonProcess, _ stem: String) async throws -> (user: String, admin: String) {
        let user = MariaDBServer.uniqueName(stem)
        try await server.sql(
            """
            CREATE DATABASE \(user); CREATE TABLE \(user).t (id int);
            CREATE USER \(user)@'%' IDENTIFIED BY 'at-first'; GRANT SELECT, INSERT ON \(user).* TO \(user)@'%';
            CREATE USER \(user)_admin@'%' IDENTIFIED BY 'admin-password'; GRANT ALL PRIVILEGES ON *.* TO \(user)_admin@'%' WITH GRANT OPTION;
            """
        )
        let made = try await daemon.answer(
            "create-secret",
            "--name",
            "e2e/\(user)-admin",
            "--secret-string",
            self.value(server, "\(user)_admin", "admin-password").text
        )
        return (user, made["ARN"]?.stringValue ?? "")
    }

    @Test func singleUserTurnsItsOwnPasswordThreeTimes() async throws {
        let server = try await MariaDBServer.shared()
        let daemon = try await DaemonProcess.shared()
        let (user, _) = try await self.account(server, daemon, "e2e_maria_single")
        let seen = try await self.rotations(
            daemon,
            "e2e/\(user)",
            value: self.value(server, user, "at-first"),
            rotator: "mariadb-single-user",
            times: 3
        )
        for old in ["at-first"] + seen.dropLast().map(\.password) { #expect(try await server.login(user, old) == nil) }
        #expect(try await server.login(user, seen.last?.password ?? "") == "\(user)@%")
    }

    @Test func overlappingAcceptsTheOldPasswordToo() async throws {
        let server = try await MariaDBServer.shared()
        let daemon = try await DaemonProcess.shared()
        let (user, admin) = try await self.account(server, daemon, "e2e_maria_overlap")
        let seen = try await self.rotations(
            daemon,
            "e2e/\(user)",
            value: self.value(server, user, "at-first").setting("masterarn", to: .string(admin)),
            rotator: "mariadb-overlapping",
            times: 3
        )
        #expect(try await server.login(user, seen[2].password) == "\(user)@%")
        #expect(try await server.login(user, seen[1].password) == "\(user)@%")
        // No more than two live passwords.
        #expect(try await server.login(user, seen[0].password) == nil)
        #expect(try await server.login(user, "at-first") == nil)
    }

    @Test func alternatingUsersTakeTurnsFourTimesWithTheSameRights() async throws {
        let server = try await MariaDBServer.shared()
        let daemon = try await DaemonProcess.shared()
        let (user, admin) = try await self.account(server, daemon, "e2e_maria_alternating")
        let seen = try await self.rotations(
            daemon,
            "e2e/\(user)",
            value: self.value(server, user, "at-first").setting("masterarn", to: .string(admin)),
            rotator: "mariadb-alternating-users",
            times: 4
        )
        #expect(seen.map(\.username) == ["\(user)_clone", user, "\(user)_clone", user])
        for turn in seen.suffix(2) {
            #expect(try await server.login(turn.username, turn.password, "INSERT INTO \(user).t VALUES (1); SELECT 1") == "1")
        }
    }
}
