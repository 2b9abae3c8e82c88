import Foundation
import SecretModel
import TestSupport
import Testing

/// What a person sees when a rotation of a real database fails: typed cause, what logs in now, what to do; and that retry works once it is
/// mended, with nothing lost on the way.
@Suite(.timeLimit(.minutes(10))) struct FailureTests {
    private func value(_ server: PostgresServer, _ user: String, _ password: String) -> String {
        let value: JSONValue = [
            "engine": "postgres", "host": "127.0.0.1", "port": .integer(server.port), "dbname": "postgres", "username": .string(user),
            "password": .string(password),
        ]
        return value.text
    }

    /// The last run of a secret, once it has failed.
    private func failure(_ daemon: DaemonProcess, _ name: String) async throws -> JSONValue {
        var run: JSONValue = [:]
        try await eventually("the failure of \(name)", within: .seconds(60)) {
            run = try await daemon.keyturn("rotation", "show", name)["Runs"]?.arrayValue?.first ?? [:]
            return run["Failure"] != nil
        }
        return run
    }

    @Test func aServerThatIsDownIsRetriedAndNothingIsLost() async throws {
        let server = try await PostgresServer.start()
        let daemon = try await DaemonProcess.shared()
        let user = PostgresServer.uniqueName("down")
        try await server.sql("CREATE ROLE \(user) LOGIN PASSWORD 'at-first'")
        try await daemon.answer("create-secret", "--name", user, "--secret-string", self.value(server, user, "at-first"))
        try await server.stop()
        try await daemon.rotate(user, by: "postgres-single-user")
        let run = try await self.failure(daemon, user)
        #expect(run["Failure"]?["Code"]?.stringValue == "target_unreachable")
        #expect(run["State"]?.stringValue == "waiting")
        #expect(run["NextAttemptDate"] != nil)
        #expect(try await daemon.value(user)["password"]?.stringValue == "at-first")

        try await server.resume()
        try await daemon.keyturn("rotation", "retry", user)
        try await eventually("the rotation", within: .seconds(60)) {
            try await daemon.answer("describe-secret", "--secret-id", user)["LastRotatedDate"] != nil
        }
        let password = try #require(try await daemon.value(user)["password"]?.stringValue)
        #expect(try await server.login(user, password) == user)
        #expect(try await server.login(user, "at-first") == nil)
        try await server.stop()
    }

    @Test("I7 a change that waits for somebody's lock is given up by the server, and made again once the lock is gone")
    func aLockOfSomebodyElse() async throws {
        // No other test may wait for this lock.
        let server = try await MariaDBServer.start()
        let daemon = try await DaemonProcess.shared()
        let name = MariaDBServer.uniqueName("lock")
        try await server.sql("CREATE USER app@'%' IDENTIFIED BY 'at-first'")
        let value: JSONValue = [
            "engine": "mariadb", "host": "127.0.0.1", "port": .integer(server.port), "username": "app", "password": "at-first",
            "ssl": false,
        ]
        try await daemon.answer("create-secret", "--name", name, "--secret-string", value.text)
        let holder = Task { try await server.sql("FLUSH TABLES WITH READ LOCK; SELECT SLEEP(600)") }
        let sleeper = "FROM information_schema.processlist WHERE info = 'SELECT SLEEP(600)'"
        try await eventually("the lock is held") { try await server.sql("SELECT count(*) \(sleeper)") == "1" }
        try await daemon.rotate(name, by: "mariadb-single-user")
        let run = try await self.failure(daemon, name)
        #expect(run["State"]?.stringValue == "waiting")
        #expect(run["Failure"]?["Code"]?.stringValue == "timeout")
        #expect(try await daemon.value(name)["password"]?.stringValue == "at-first")

        try await server.sql("KILL CONNECTION \(try await server.sql("SELECT id \(sleeper)"))")
        _ = await holder.result
        try await daemon.keyturn("rotation", "retry", name)
        try await eventually("the rotation", within: .seconds(60)) {
            try await daemon.answer("describe-secret", "--secret-id", name)["LastRotatedDate"] != nil
        }
        let password = try #require(try await daemon.value(name)["password"]?.stringValue)
        #expect(try await server.login("app", password) == "app@%")
        try await server.stop()
    }

    @Test func aPasswordThatNobodyKnowsParksTheRunUntilAPersonMendsIt() async throws {
        let server = try await PostgresServer.shared()
        let daemon = try await DaemonProcess.shared()
        let user = PostgresServer.uniqueName("unknown")
        try await server.sql("CREATE ROLE \(user) LOGIN PASSWORD 'something else'")
        try await daemon.answer("create-secret", "--name", user, "--secret-string", self.value(server, user, "stale"))
        try await daemon.rotate(user, by: "postgres-single-user")
        let run = try await self.failure(daemon, user)
        #expect(run["State"]?.stringValue == "parked")
        #expect(run["Candidates"]?["current"]?["Outcome"]?.stringValue == "refused")
        #expect(run["Failure"]?["Hint"] != nil)
        let alerts = try await daemon.keyturn("alerts", "list")["Alerts"]?.arrayValue ?? []
        #expect(alerts.contains { $0["Secret"]?.stringValue == user && $0["Name"]?.stringValue == "CredentialLockedOut" })

        try await server.sql("ALTER ROLE \(user) PASSWORD 'stale'")
        try await daemon.keyturn("rotation", "retry", user)
        try await eventually("the rotation", within: .seconds(60)) {
            try await daemon.answer("describe-secret", "--secret-id", user)["LastRotatedDate"] != nil
        }
        let password = try #require(try await daemon.value(user)["password"]?.stringValue)
        #expect(try await server.login(user, password) == user)
    }

    @Test func anAdminWithoutPrivilegesIsSaidSoAndTheOldPasswordStays() async throws {
        let server = try await PostgresServer.shared()
        let daemon = try await DaemonProcess.shared()
        let user = PostgresServer.uniqueName("weak")
        try await server.sql("CREATE ROLE \(user) LOGIN PASSWORD 'at-first'; CREATE ROLE \(user)_admin LOGIN PASSWORD 'admin-password'")
        let admin = try await daemon.answer(
            "create-secret",
            "--name",
            "\(user)-admin",
            "--secret-string",
            self.value(server, "\(user)_admin", "admin-password")
        )
        let value = try JSONValue(parsing: self.value(server, user, "at-first")).setting("masterarn", to: admin["ARN"] ?? "")
        try await daemon.answer("create-secret", "--name", user, "--secret-string", value.text)
        try await daemon.rotate(user, by: "postgres-alternating-users")
        let run = try await self.failure(daemon, user)
        #expect(run["Failure"]?["Code"]?.stringValue == "permission_denied")
        #expect(run["State"]?.stringValue == "parked")
        #expect(try await server.login(user, "at-first") == user)
        let findings = try await self.preflight(daemon, user)
        #expect(findings.contains { $0["Level"]?.stringValue == "failed" })
    }

    private func preflight(_ daemon: DaemonProcess, _ name: String) async throws -> [JSONValue] {
        let result = try await Command.run(
            [Command.keyturn, "rotate", name, "--dry-run", "--output", "json"],
            environment: daemon.environment
        )
        #expect(result.exitCode == 1)
        return try JSONValue(parsing: result.output)["Findings"]?.arrayValue ?? []
    }
}
