import Foundation
import SecretModel
import TestSupport

/// A daemon on a host whose clock is moved, with many secrets on healthy and on sick servers.
struct SickTargetSite {
    struct Member {
        enum Engine: String { case postgres, mariadb }

        let name: String
        let engine: Engine
        let port: Int

        /// Its account on the server.
        var user: String { "sick_proof_" + self.name.replacing("-", with: "_") }
    }

    struct Proxy {
        let port: Int
        let process: ServerProcess
    }

    /// A secret that is not due, for a person to rotate.
    static let bystander = "bystander"

    let scratch: ScratchDirectory
    let clock: HostClock
    let daemon: DaemonProcess

    init(at begin: String) async throws {
        self.scratch = try ScratchDirectory("sick")
        self.clock = try await HostClock(self.scratch, at: HostClock.date(begin))
        let data = self.scratch.path(of: "data")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try self.scratch.write("plain_http: true\n", to: "data/keyturn.yaml")
        self.daemon = try await DaemonProcess(data: data, environment: self.clock.environment)
    }

    /// Makes accounts, secrets and rules. The sick come due first: their rules have nearly no jitter.
    func make(_ members: [Member], on server: PostgresServer) async throws {
        let members = members + [Member(name: Self.bystander, engine: .postgres, port: server.port)]
        try await server.sql(members.map { "CREATE ROLE \($0.user) LOGIN PASSWORD 'at-first';" }.joined(separator: "\n"))
        var rules = "apiVersion: keyturn/v1\nruleset: proof\nsecrets:\n"
        for member in members {
            let value: JSONValue = [
                "engine": .string(member.engine.rawValue), "host": "127.0.0.1", "port": .integer(member.port), "dbname": "postgres",
                "username": .string(member.user), "password": "at-first",
            ]
            try await self.daemon.keyturn("secret", "put", member.name, "@\(try self.scratch.write(value.text, to: "value.json"))")
            let jitter = member.name.hasPrefix("healthy") ? "1m" : "1s"
            let days = member.name == Self.bystander ? 900 : 10
            rules += """
                  - {name: \(member.name), rotation: {rotator: \(member.engine.rawValue)-single-user, every: \(days)d, window: 4h, jitter: \(jitter)}}

                """
        }
        try await self.daemon.keyturn("apply", "-f", try self.scratch.write(rules, to: "rules.yaml"), "--auto-approve", "--skip-preflight")
    }

    /// By name, as `keyturn rotation list` shows them.
    func rotations() async throws -> [String: JSONValue] {
        let rotations = try await self.daemon.keyturn("rotation", "list")["Rotations"]?.arrayValue ?? []
        return Dictionary(uniqueKeysWithValues: rotations.compactMap { rotation in rotation["Name"]?.stringValue.map { ($0, rotation) } })
    }

    func value(_ name: String) async throws -> JSONValue {
        let answer = try await self.daemon.keyturn("secret", "get", name)
        return try JSONValue(parsing: answer["SecretString"]?.stringValue ?? "")
    }

    /// Lets clients log in at the server, and swallows their statements.
    func startProxy(before server: Int) throws -> Proxy {
        let port = try FreePort.next()
        return Proxy(port: port, process: try self.start("silent-after-login.py", port, server))
    }

    /// The same port, healthy again.
    func startForward(from port: Int, to server: Int) throws -> ServerProcess {
        try self.start("silent-after-login.py", port, server, "healthy")
    }

    private func start(_ script: String, _ port: Int, _ server: Int, _ words: String...) throws -> ServerProcess {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Scripts/\(script)").standardized.path
        return try ServerProcess(
            "proxy",
            command: ["/usr/bin/env", "python3", path, "\(port)", "\(server)"] + words,
            as: nil,
            scratch: self.scratch,
            stopSignal: "KILL"
        )
    }
}
