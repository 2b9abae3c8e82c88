import AdminClient
import Foundation
import SecretModel
import TestSupport

/// A daemon that logs all it can, with both kinds of sinks, watched from outside; and every value that it had to keep to itself.
final class LeakSite {
    static let strategies = [
        "postgres-single-user", "postgres-alternating-users", "mariadb-single-user", "mariadb-overlapping", "mariadb-alternating-users",
    ]

    let alerts: AlertSite
    let receiver: ServerProcess
    let daemon: DaemonProcess
    let process: Int32
    let spy: ProcessSpy
    private(set) var canaries: [String] = []
    private let postgres: PostgresServer
    private let mariadb: MariaDBServer
    /// How long the servers' logs were before: what the tests themselves sent is in them.
    private let marks: (postgres: Int, mariadb: Int)
    private var said: [String: Data] = [:]

    init() async throws {
        self.alerts = try await AlertSite(hook: "env >> $0.environment; sleep 0.1")
        self.receiver = try self.alerts.startReceiver()
        self.postgres = try await PostgresServer.shared()
        self.mariadb = try await MariaDBServer.shared()
        self.marks = (try self.postgres.log().utf8.count, try self.mariadb.generalLog().utf8.count)
        self.daemon = try await DaemonProcess(
            data: self.alerts.data,
            arguments: ["--log-level", "trace", "--rotators", self.alerts.rotators]
        )
        guard let process = Int32(try readFile(self.daemon.process.logPath + ".pid").filter { $0 != "\n" }) else {
            throw FixtureError("the daemon has no process id")
        }
        self.process = process
        self.spy = ProcessSpy(on: process)
    }

    /// Two rotations of an account, and with one live credential a third that fails because somebody else has changed the password.
    func rotate(by strategy: String, _ client: APIClient) async throws {
        let isPostgres = strategy.hasPrefix("postgres")
        let isSingle = strategy.hasSuffix("single-user")
        let target = try await LoginTarget(on: isPostgres ? .postgres(self.postgres) : .mariadb(self.mariadb), "leak")
        let value = isSingle ? target.value() : target.value().setting("masterarn", to: try await target.makeAdminSecret(client))
        try await client.make(target.secret, value)
        for number in 0..<2 {
            let run = try await client.rotate(target.secret, by: number == 0 ? strategy : nil)
            try await self.waitForEnd(run, of: target.secret, client)
            self.keep(try await client.current(target.secret).value)
        }
        guard isSingle else { return }
        if isPostgres {
            try await self.postgres.sql("ALTER ROLE \(target.user) PASSWORD 'somebody was here'")
        } else {
            try await self.mariadb.sql("ALTER USER \(target.user)@'%' IDENTIFIED BY 'Somebody-was-here-1'")
        }
        try await self.rotateInVain(target.secret, client)
    }

    /// The same for a script, whose target is down at last.
    func rotateByScript(_ client: APIClient) async throws {
        self.canaries.append("Canary/at+first\"0123456789")
        try self.alerts.target.set(password: self.canaries[self.canaries.count - 1])
        try await client.make("app", self.alerts.target.value(self.canaries[self.canaries.count - 1]))
        for number in 0..<2 {
            let run = try await client.rotate("app", by: number == 0 ? "file-target" : nil)
            try await self.waitForEnd(run, of: "app", client)
            self.keep(try await client.current("app").value)
        }
        try self.alerts.target.set("down")
        try await self.rotateInVain("app", client)
    }

    private func rotateInVain(_ secret: String, _ client: APIClient) async throws {
        let run = try await client.rotate(secret)
        try await eventually("the failure of \(secret)", within: .seconds(60)) { try await client.run(run, of: secret)["Failure"] != nil }
        let pending = try await client.call("secretsmanager.GetSecretValue", ["SecretId": .string(secret), "VersionStage": "AWSPENDING"])
        self.keep(try JSONValue(parsing: pending["SecretString"]?.stringValue ?? ""))
    }

    private func waitForEnd(_ run: String, of secret: String, _ client: APIClient) async throws {
        try await eventually("the end of the run of \(secret)", within: .seconds(60)) {
            ["succeeded", "retiring", "retired"].contains(try await client.run(run, of: secret)["State"]?.stringValue)
        }
    }

    private func keep(_ value: JSONValue) {
        if let password = value["password"]?.stringValue { self.canaries.append(password) }
    }

    /// Values in the wrong place or form: what refuses them must not repeat them.
    func giveWrongInputs(_ client: APIClient) async throws {
        let canary = "canary-in-a-wrong-place-42"
        self.canaries.append(canary)
        let inputs: [(name: String, value: String)] = [
            ("no-json", #"{"engine":"postgres","password":"\#(canary)""#), ("no-object", "\"\(canary)\""),
            ("wrong-port", #"{"engine":"postgres","host":"h","username":"u","password":"p","port":"\#(canary)"}"#),
            ("wrong-engine", #"{"engine":"\#(canary)","host":"h","username":"u","password":"p"}"#),
            ("wrong-password", #"{"engine":"postgres","host":"h","username":"u","password":["\#(canary)"]}"#),
        ]
        for (name, value) in inputs {
            let file = try self.alerts.scratch.write(value, to: "wrong.json")
            let put = try await Command.run([Command.keyturn, "secret", "put", name, "@\(file)"], environment: self.daemon.environment)
            self.said["secret put \(name)"] = Data((put.output + put.errors).utf8)
            do {
                _ = try await client.rotate(name, by: "postgres-single-user")
            } catch {
                self.said["rotate \(name)"] = Data("\(error)".utf8)
            }
        }
        do {
            try await client.change("PutSecretValue", ["SecretId": "app", "SecretString": [.string(canary)]])
        } catch {
            self.said["PutSecretValue with a list"] = Data("\(error)".utf8)
        }
        _ = try await Command.run(
            [Command.keyturn, "secret", "list"],
            environment: self.daemon.environment.merging(["AWS_SECRET_ACCESS_KEY": canary]) { $1 }
        )
    }

    func waitForAlerts() async throws {
        for path in [self.alerts.received, self.alerts.hooked] {
            try await eventually("alerts in \(path)", within: .seconds(60)) { try self.alerts.events(of: path).count >= 3 }
        }
    }

    /// What the command line prints of all this.
    func outputs() async throws -> [String: Data] {
        var outputs = self.said
        let name = "app"
        for command in [
            ["rotation", "show", name], ["rotation", "list"], ["rotation", "upcoming"], ["secret", "history", name],
            ["secret", "describe", name],
            ["secret", "list"], ["alerts", "list", "--all"], ["alerts", "test"], ["doctor"], ["probe", name],
            ["rotate", name, "--dry-run"],
        ] {
            for form in ["json", "table"] {
                let result = try await Command.run(
                    [Command.keyturn] + command + ["--output", form],
                    environment: self.daemon.environment
                )
                outputs["\(command.joined(separator: " ")) as \(form)"] = Data((result.output + result.errors).utf8)
            }
        }
        return outputs
    }

    func deliveries() throws -> [String: Data] {
        var deliveries: [String: Data] = [:]
        for path in [self.alerts.received, self.alerts.hooked, self.alerts.scratch.path(of: "hook.environment")] {
            deliveries[path] = try Data(contentsOf: URL(filePath: path))
        }
        return deliveries
    }

    func serverLogs() async throws -> [String: Data] {
        [
            "the log of PostgreSQL": Data(try self.postgres.log().utf8.dropFirst(self.marks.postgres)),
            "the general log of MariaDB": Data(try self.mariadb.generalLog().utf8.dropFirst(self.marks.mariadb)),
            "the log of MariaDB": Data(try self.mariadb.log().utf8),
        ]
    }

    /// Everything under the data directory and under the daemon's temporary directory: store, write-ahead log, freed pages and all.
    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for directory in [self.alerts.data, self.daemon.temporary] {
            for file in try FileManager.default.subpathsOfDirectory(atPath: directory) {
                if let bytes = FileManager.default.contents(atPath: "\(directory)/\(file)") { files[file] = bytes }
            }
        }
        return files
    }
}
