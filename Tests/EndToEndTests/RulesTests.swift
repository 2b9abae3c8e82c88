import Foundation
import SecretModel
import TestSupport
import Testing

/// `keyturn plan`, `apply`, `rotate --wait`, `probe`, `doctor`: the command line against a real daemon and a real PostgreSQL.
@Suite(.timeLimit(.minutes(10))) struct RulesTests {
    @Test func fromARulesFileToARotatedPassword() async throws {
        let server = try await PostgresServer.shared()
        let daemon = try await DaemonProcess()
        let scratch = try ScratchDirectory("rules")
        let user = PostgresServer.uniqueName("ruled")
        try await server.sql("CREATE ROLE \(user) LOGIN; CREATE ROLE \(user)_admin LOGIN CREATEROLE PASSWORD 'admin-password'")
        let admin: JSONValue = [
            "engine": "postgres", "host": "127.0.0.1", "port": .integer(server.port), "username": .string("\(user)_admin"),
            "password": "admin-password",
        ]
        try await daemon.keyturn("secret", "put", "db/admin", "@\(try scratch.write(admin.text, to: "admin.json"))")
        let rules = try scratch.write(
            """
            apiVersion: keyturn/v1
            secrets:
              - name: db/app
                description: the app
                tags: {team: payments}
                template: {engine: postgres, host: 127.0.0.1, port: \(server.port), dbname: postgres, username: \(user)}
                rotation: {rotator: postgres-alternating-users, admin: db/admin, schedule: "cron(0 2 ? * SUN *)", window: 3h, max_age: 21d}
            """,
            to: "rules.yaml"
        )
        let plan = try await daemon.keyturn("plan", "-f", rules)
        #expect(plan["Changes"]?.arrayValue?.first?["Action"] == "create")
        #expect(try await daemon.aws("describe-secret", "--secret-id", "db/app").exitCode != 0, "plan changes nothing")

        try await daemon.keyturn("apply", "-f", rules, "--auto-approve")
        let applied = try await daemon.answer("describe-secret", "--secret-id", "db/app")
        #expect(applied["RotationRules"]?["ScheduleExpression"] == "cron(0 2 ? * SUN *)")
        #expect(applied["LastRotatedDate"] == nil, "I5: apply never rotates")
        let again = try await daemon.keyturn("plan", "-f", rules)
        #expect(again["Changes"]?.arrayValue?.first?["Action"] == "none")

        let rotated = try await Command.run([Command.keyturn, "rotate", "db/app", "--wait"], environment: daemon.environment)
        #expect(rotated.exitCode == 0, "\(rotated.errors)")
        for step in ["createSecret", "setSecret", "testSecret"] { #expect(rotated.output.contains("✓ \(step)")) }
        let value = try await daemon.value("db/app")
        #expect(value["username"]?.stringValue == "\(user)_clone")
        #expect(try await server.login("\(user)_clone", value["password"]?.stringValue ?? "", "SELECT session_user") == "\(user)_clone")
        let probe = try await daemon.keyturn("probe", "--all")
        #expect(probe.arrayValue?.map { $0["Outcome"]?.stringValue } == ["accepted"])
        let doctor = try await daemon.keyturn("doctor")
        #expect(doctor["Findings"]?.arrayValue?.contains { $0["Level"] == "failed" } == false)
        #expect(try await daemon.keyturn("rotation", "upcoming", "--days", "9")["Upcoming"]?.arrayValue?.count == 1)
        let history = try await daemon.keyturn("secret", "history", "db/app")
        #expect(history["AuditRecords"]?.arrayValue?.contains { $0["Event"] == "RotationSucceeded" } == true)
        try await daemon.stop()
    }

    @Test func nobodyThereAndNoCredentialsAreSaidWithTheirExitCodes() async throws {
        let unreachable = try await Command.run(
            [Command.keyturn, "secret", "list"],
            environment: [
                "AWS_ENDPOINT_URL": "http://127.0.0.1:\(try FreePort.next())", "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "AKIA",
                "AWS_SECRET_ACCESS_KEY": "x",
            ]
        )
        #expect(unreachable.exitCode == 69)
        #expect(unreachable.errors.contains("nobody answers"))
        let daemon = try await DaemonProcess.shared()
        let refused = try await Command.run(
            [Command.keyturn, "secret", "list"],
            environment: daemon.environment.merging(["AWS_SECRET_ACCESS_KEY": "wrong"]) { $1 }
        )
        #expect(refused.exitCode == 77)
    }
}
