import Foundation
import SecretModel
import TestSupport

/// A daemon on a host whose clock the proof moves, with a secret for each kind of rules, and a target for each secret.
final class NoSurpriseSite {
    /// 10 March 2030, a Sunday, three weeks before daylight saving time begins in Europe.
    static let begin = "2030-03-10T12:00:00Z"

    /// The rules of each secret, as a rules file has them.
    static let rules: KeyValuePairs<String, String> = [
        "days": "every: 30d, window: 4h",
        "rate": "every: 1000h, window: 1h",
        "cron": #"schedule: "cron(0 3 L * ? *)", window: 4h"#,
        "windowed": #"schedule: "cron(0 12 ? * SUN#3 *)", window: 8h, jitter: 6h"#,
        "frozen": "every: 10d, freeze: [{from: 2030-03-01, until: 2050-01-01, reason: release}]",
        // Rotated by hand after each change: a look of the scheduler that it ends with has started all that was due.
        "witness": "every: 900d",
    ]

    let scratch: ScratchDirectory
    let clock: HostClock
    let data: String
    private(set) var daemon: DaemonProcess
    private let rotators: String
    private let targets: [String: FileTarget]
    private var isRunning = true

    init() async throws {
        self.scratch = try ScratchDirectory("surprise")
        self.clock = try await HostClock(self.scratch, at: HostClock.date(Self.begin))
        self.data = self.scratch.path(of: "data")
        self.rotators = try FileTarget.rotators(self.scratch)
        try FileManager.default.createDirectory(
            atPath: self.data,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        // A certificate is not valid in all the years that the clock shows.
        try self.scratch.write("plain_http: true\n", to: "data/keyturn.yaml")
        var targets: [String: FileTarget] = [:]
        for (name, _) in Self.rules { targets[name] = try FileTarget(self.scratch, account: name, password: "at-first") }
        self.targets = targets
        self.daemon = try await Self.start(self.data, self.rotators, self.clock.environment)
        for (name, target) in targets {
            let value = try self.scratch.write(target.value("at-first").text, to: "\(name).json")
            try await self.daemon.keyturn("secret", "put", name, "@\(value)")
        }
        try await self.apply(Self.rules)
        for name in targets.keys { try await self.daemon.keyturn("rotate", name, "--wait") }
    }

    private static func start(_ data: String, _ rotators: String, _ environment: [String: String]) async throws -> DaemonProcess {
        try await DaemonProcess(data: data, arguments: ["--rotators", rotators], environment: environment)
    }

    func start(timeZone: String = "UTC") async throws {
        let environment = self.clock.environment.merging(["TZ": timeZone]) { _, new in new }
        self.daemon = try await Self.start(self.data, self.rotators, environment)
    }

    func move(to time: String) throws { try self.clock.set(to: HostClock.date(time)) }

    func apply(_ rules: KeyValuePairs<String, String>, extra: String = "") async throws {
        let lines = rules.map { "  - {name: \($0)\(extra), rotation: {rotator: file-target, max_age: 3000d, \($1)}}" }
        let text = "apiVersion: keyturn/v1\nruleset: proof\nsecrets:\n" + lines.joined(separator: "\n") + "\n"
        try await self.daemon.keyturn("apply", "-f", try self.scratch.write(text, to: "rules.yaml"), "--auto-approve")
    }

    /// What the daemon says of a secret's rotation, and how often its target's password was set.
    struct Facts: Hashable {
        let rotation: JSONValue
        let changes: Int

        var lastRotated: Double { self.rotation["LastRotatedDate"]?.doubleValue ?? 0 }
        var next: Double { self.rotation["NextRotationDate"]?.doubleValue ?? 0 }
        var due: Double { self.rotation["DueDate"]?.doubleValue ?? 0 }
        var isAtRest: Bool { self.rotation["State"] == "ok" }
    }

    /// Of every secret but the witness.
    func facts() async throws -> [String: Facts] {
        let rotations = try await self.daemon.keyturn("rotation", "list")["Rotations"]?.arrayValue ?? []
        var facts: [String: Facts] = [:]
        for rotation in rotations {
            guard let name = rotation["Name"]?.stringValue, name != "witness", let target = self.targets[name] else { continue }
            facts[name] = Facts(rotation: rotation, changes: try target.calls().count { $0[0] == "setSecret" })
        }
        return facts
    }

    /// Returns when the scheduler has looked at the store, and all that it found due has ended or failed.
    func settle() async throws {
        try await self.daemon.keyturn("rotate", "witness", "--wait")
        try await eventually("the end of what was due", within: .seconds(60)) {
            try await self.facts().values.allSatisfy { ["ok", "waiting", "parked"].contains($0.rotation["State"]?.stringValue) }
        }
    }

    func password(_ name: String) throws -> String { try self.targets[name]?.password() ?? "" }

    /// What a person does after a restore: the witness's target accepts again what the store holds.
    func mendWitness() async throws {
        guard let target = self.targets["witness"], let password = try await self.daemon.value("witness")["password"]?.stringValue else {
            throw FixtureError("no witness")
        }
        try target.set(password: password)
    }
}
