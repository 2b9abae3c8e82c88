import AdminClient
import Foundation
import SecretModel
import TestSupport

/// A real daemon that reaches a real server through a proxy, and the secret that it rotates while things break.
struct KillSite {
    let leg: KillLeg
    let target: any KillTarget
    let proxy: FaultProxy
    let faults: SyncFaults
    private let scratch: ScratchDirectory
    var daemon: DaemonProcess
    /// The account of the secret; the secret has its name.
    var user = ""
    /// What a rotation without faults leaves on the target.
    var expectedRights = ""

    init(_ leg: KillLeg) async throws {
        self.leg = leg
        self.target =
            leg.isPostgres
            ? PostgresKillTarget(server: try await PostgresServer.shared()) : MariaDBKillTarget(server: try await MariaDBServer.shared())
        self.proxy = try FaultProxy(to: self.target.port, speaking: self.target.wire)
        self.scratch = try ScratchDirectory("kill")
        let data = self.scratch.path(of: "data")
        try FileManager.default.createDirectory(
            atPath: data,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        // Without TLS hundreds of starts have no certificates to read.
        try self.scratch.write("plain_http: true\n", to: "data/keyturn.yaml")
        self.faults = try SyncFaults(self.scratch, store: data + "/keyturn.db")
        self.daemon = try await DaemonProcess(data: data, environment: self.faults.environment)
    }

    /// A daemon on the data that the last one left.
    mutating func restart() async throws {
        self.daemon = try await DaemonProcess(data: self.scratch.path(of: "data"), environment: self.faults.environment)
    }

    /// Another daemon and another secret, after a case that has failed.
    mutating func rebuild() async throws {
        if self.daemon.process.isRunning { try await self.daemon.kill() }
        try self.faults.arm(nil)
        self.proxy.arm(nil)
        self.proxy.cut()
        try await self.restart()
        self.user = ""
        try await self.takeSubject()
    }

    /// A new account, its secret, and rules that rotate it only when it is asked for.
    private mutating func makeSubject() async throws {
        self.user = PostgresServer.uniqueName("kill_\(self.leg.turn)")
        try await self.target.makeAccounts(self.user)
        for (account, password) in [(self.user, "at-first"), ("\(self.user)_admin", "admin-password")] {
            let value: JSONValue = [
                "engine": .string(self.target.engine), "host": "127.0.0.1", "port": .integer(self.proxy.port), "username": .string(account),
                "password": .string(password), "ssl": false,
            ]
            let token = JSONValue.string(UUID().uuidString)
            _ = try await self.call(
                "secretsmanager.CreateSecret",
                ["Name": .string(account), "SecretString": .string(value.text), "ClientRequestToken": token]
            )
        }
        try await self.configure()
    }

    private func configure() async throws {
        var settings = ["rotator: \(self.leg.rotator)", "every: 30d"]
        if !self.leg.isSingleUser { settings.append("admin: \(self.user)_admin") }
        if self.leg.turn == .retiring { settings.append("grace: 0s") }
        if self.leg.turn == .retiring, self.leg.isAlternating { settings.append("options: {expire_previous: true}") }
        let rules = """
            apiVersion: keyturn/v1
            secrets:
              - name: \(self.user)
                rotation: {\(settings.joined(separator: ", "))}
            """
        _ = try await self.call("keyturn.ApplyRules", ["Document": .string(rules), "SkipPreflight": true])
    }

    /// A rotation without faults, and what it does: the map of where to strike.
    mutating func survey() async throws -> KillMap {
        try await self.takeSubject()
        self.proxy.arm(nil)
        let before = try self.faults.count()
        try await self.rotate(token: UUID().uuidString)
        guard try self.faults.count() > before, !self.proxy.places.isEmpty else { throw FixtureError("the faults do not see the daemon") }
        self.expectedRights = try await self.target.rights(of: self.user)
        return KillMap(syncs: try self.faults.count() - before, places: self.proxy.places, bytes: self.proxy.bytes)
    }

    /// Brings about the situation that the leg is about: a new secret, or one that has been rotated before, and the right turn of a pair.
    mutating func takeSubject() async throws {
        if self.leg.turn == .first || self.user.isEmpty {
            try await self.makeSubject()
            guard self.leg.turn != .first else { return }
            for _ in 0..<2 { try await self.rotate(token: UUID().uuidString) }
        }
        guard self.leg.isAlternating else { return }
        let isTwinsTurn = try await self.value("AWSCURRENT")?.username == self.user
        if isTwinsTurn != (self.leg.turn == .twin) { try await self.rotate(token: UUID().uuidString) }
    }

    private func rotate(token: String) async throws {
        try await self.ask(token)
        try await self.waitForEnd(of: token)
    }

    func call(_ target: String, _ input: JSONValue = [:]) async throws -> JSONValue {
        try await self.daemon.withClient { try await $0.call(target, input) }
    }

    func ask(_ token: String) async throws {
        let input: JSONValue = ["SecretId": .string(self.user), "ClientRequestToken": .string(token)]
        _ = try await self.call("secretsmanager.RotateSecret", input)
    }
}
