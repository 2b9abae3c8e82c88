import AdminClient
import SecretModel
import TestSupport
import Testing

/// Weaknesses of AWS's functions that show only with the service around them: a real daemon rotates accounts of real servers
/// (`Tests/RotatorsTests/README.md` has the table of all).
@Suite(.timeLimit(.minutes(10))) struct WeaknessTests {
    enum Engine: String, CaseIterable {
        case postgres, mariadb

        func server() async throws -> LoginTarget.Server {
            switch self {
            case .postgres: .postgres(try await PostgresServer.shared())
            case .mariadb: .mariadb(try await MariaDBServer.shared())
            }
        }
    }

    /// What stands between setSecret and the promotion, on each engine: trust authentication, under which a login proves nothing; an answer
    /// that never comes.
    private func obstacle(_ target: LoginTarget) async throws -> (port: Int, remove: () async throws -> Void) {
        switch target.server {
        case .postgres(let server):
            try await server.sql("GRANT trusted_accounts TO \(target.user)")
            return (server.port, { try await server.sql("REVOKE trusted_accounts FROM \(target.user)") })
        case .mariadb(let server):
            let cutter = try StatementCutter(before: server)
            cutter.cut(atStatementWith: "SET PASSWORD", .after)
            return (cutter.port, { cutter.cut(at: nil) })
        }
    }

    @Test(
        "W1 Cancelled after setSecret, then rotated with a new token: the value that no label has is found again",
        arguments: Engine.allCases
    )
    func cancelled(engine: Engine) async throws {
        let daemon = try await DaemonProcess.shared()
        let target = try await LoginTarget(on: engine.server(), "w1")
        let obstacle = try await self.obstacle(target)
        try await daemon.withClient { client in
            try await client.make(target.secret, target.value(port: obstacle.port))
            let first = try await client.rotate(target.secret, by: "\(engine)-single-user")
            try await eventually("the failure", within: .seconds(60)) { try await client.run(of: target.secret)["Failure"] != nil }
            _ = try await client.call("secretsmanager.CancelRotateSecret", ["SecretId": .string(target.secret)])
            try await obstacle.remove()
            #expect(try await !target.logsIn(client.current(target.secret).value), "AWS's functions are stuck here for good")

            let second = try await client.rotate(target.secret)
            #expect(second != first)
            try await client.waitForPromotion(second, of: target.secret)
            #expect(try await target.logsIn(client.current(target.secret).value))
            #expect(try await client.run(second, of: target.secret)["HasDrift"] == nil, "nobody else changed it")
        }
    }

    @Test("W24 The admin secret is bound when rotation is configured: a later value cannot aim at another", arguments: Engine.allCases)
    func admin(engine: Engine) async throws {
        let daemon = try await DaemonProcess.shared()
        let target = try await LoginTarget(on: engine.server(), "w24")
        try await daemon.withClient { client in
            let admin = try await target.makeAdminSecret(client)
            let other = try await client.make("\(target.secret)-other", target.value(user: "somebody_else", password: "theirs"))
            try await client.make(target.secret, target.value().setting("masterarn", to: admin))
            let first = try await client.rotate(target.secret, by: "\(engine)-alternating-users")
            try await client.waitForPromotion(first, of: target.secret)
            let aimed = try await client.current(target.secret).value.setting("masterarn", to: other["ARN"] ?? .null)
            try await client.change(
                "PutSecretValue",
                ["SecretId": .string(target.secret), "SecretString": .string(aimed.text)]
            )
            let second = try await client.rotate(target.secret)
            try await client.waitForPromotion(second, of: target.secret)
            #expect(try await target.logsIn(client.current(target.secret).value))
        }
        let log =
            switch target.server {
            case .postgres(let server): try server.log()
            case .mariadb(let server): try server.generalLog()
            }
        #expect(log.contains("\(target.user)_admin") && !log.contains("somebody_else"))
    }

    @Test(
        "W26 One account, by whatever name of host or twin, has one secret that rotates it, and one run at a time",
        arguments: Engine.allCases
    )
    func oneOwner(engine: Engine) async throws {
        let daemon = try await DaemonProcess.shared()
        let target = try await LoginTarget(on: engine.server(), "w26")
        try await daemon.withClient { client in
            try await client.make(target.secret, target.value())
            let rotator = "\(engine)-single-user"
            try await client.waitForPromotion(try await client.rotate(target.secret, by: rotator), of: target.secret)
            let password = try await client.current(target.secret).value["password"]?.stringValue ?? ""
            for (number, value) in [
                target.value(password: password, host: "localhost"), target.value(user: "\(target.user)_clone", password: password),
            ].enumerated() {
                let name = "\(target.secret)-again-\(number)"
                try await client.make(name, value)
                let refusal = await #expect(throws: ClientError.self) { try await client.rotate(name, by: rotator) }
                guard case .refused(_, let message, _) = refusal else { continue }
                #expect(message.contains(target.secret), "it says which secret rotates the account: \(message)")
            }
            let before = try await target.passwordChanges()
            let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do {
                            return try await client.rotate(target.secret)
                        } catch ClientError.refused {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: Set<String>()) { tokens, token in if let token { tokens.insert(token) } }
            }
            #expect(!tokens.isEmpty)
            for token in tokens {
                try await eventually("the end of run \(token)", within: .seconds(60)) {
                    try await client.run(token, of: target.secret)["State"]?.stringValue == "succeeded"
                }
            }
            #expect(try await target.passwordChanges() - before == tokens.count, "one change of the password a run")
            #expect(try await target.logsIn(client.current(target.secret).value))
        }
    }

    @Test(
        "W20 A password that the server's policy refuses is replaced once, then a person is told; nothing is lost, and a retry ends the run"
    )
    func policy() async throws {
        let daemon = try await DaemonProcess.shared()
        let server = try await MariaDBServer.start(settings: [
            "--plugin-load-add=simple_password_check", "--strict-password-validation=OFF", "--simple-password-check-minimal-length=8",
        ])
        let target = try await LoginTarget(on: .mariadb(server), "w20")
        try await server.sql("SET GLOBAL simple_password_check_minimal_length = 90")
        try await daemon.withClient { client in
            try await client.make(target.secret, target.value())
            let token = try await client.rotate(target.secret, by: "mariadb-single-user")
            var run: JSONValue = [:]
            try await eventually("the failure", within: .seconds(60)) {
                run = try await client.run(token, of: target.secret)
                return run["Failure"] != nil && run["State"]?.stringValue != "setting"
            }
            #expect(run["Failure"]?["Code"]?.stringValue == "policy_rejected", "\(run.text)")
            #expect(run["Failure"]?["Message"]?.stringValue?.contains("90 characters") == true)
            let made = run["Steps"]?.arrayValue?.filter { $0["Name"]?.stringValue == "createSecret" } ?? []
            #expect((1...2).contains(made.count), "a new value is tried once, not for ever: \(run.text)")
            #expect(try await target.logsIn(client.current(target.secret).value))

            try await server.sql("SET GLOBAL simple_password_check_minimal_length = 8")
            _ = try await client.call("keyturn.RetryRotation", ["SecretId": .string(target.secret)])
            try await client.waitForPromotion(token, of: target.secret)
            #expect(try await target.logsIn(client.current(target.secret).value))
        }
        try await server.stop()
    }
}

extension LoginTarget {
    /// How often the server was told to change the account's password.
    func passwordChanges() async throws -> Int {
        switch self.server {
        case .postgres(let server): return try server.log().ranges(of: "ALTER ROLE \"\(self.user)\" PASSWORD").count
        case .mariadb(let server):
            // SET PASSWORD names no account: count by the login in whose conversation it is.
            let lines = try server.generalLog().split(separator: "\n")
            let ours = Set(lines.filter { $0.contains("Connect\t\(self.user)@") }.compactMap { Self.connection(of: $0) })
            return lines.filter { $0.contains("SET PASSWORD") && ours.contains(Self.connection(of: $0) ?? "") }.count
        }
    }

    /// The number of the connection in a line of MariaDB's general log.
    private static func connection(of line: Substring) -> Substring? {
        line.split(separator: "\t").lazy.compactMap { $0.firstMatch(of: #/^ *([0-9]+) (?:Connect|Query)/#)?.output.1 }.first
    }
}
