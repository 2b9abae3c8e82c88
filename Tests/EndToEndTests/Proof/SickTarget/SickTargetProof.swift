import Foundation
import SecretModel
import TestSupport
import Testing

/// I10: targets that are down, that never answer and that fall silent in the middle, all due before anything else, keep no healthy target
/// from rotating in its window; and nobody is alerted but for them.
@Suite(.timeLimit(.minutes(20))) struct SickTargetProof {
    /// How many secrets there are of each kind, and on how many silent servers: more than there are places for runs.
    private struct Numbers {
        var healthy = 10
        var silentServers = 5
        var onEachSilent = 1
        var down = 3
        var midway = 2

        static let long = Numbers(healthy: 100, silentServers: 8, onEachSilent: 3, down: 10, midway: 6)
    }

    private static let begin = "2030-03-10T12:00:00Z"
    /// What `every: 10d` with a window of four hours comes to.
    private static let windowStart = "2030-03-20T00:00:00Z"
    private static let windowEnd = "2030-03-20T04:00:00Z"

    @Test func I10_aSickTargetHurtsOnlyItself() async throws {
        let numbers = Proof.isLong ? Numbers.long : Numbers()
        let site = try await SickTargetSite(at: Self.begin)
        let server = try await PostgresServer.shared()
        var secrets: [SickTargetSite.Member] = []
        let listeners = try (0..<numbers.silentServers).map { _ in try SilentListener() }
        for (number, listener) in listeners.enumerated() {
            let isMariaDB = number == 1
            for member in 0..<numbers.onEachSilent {
                secrets.append(.init(name: "silent-\(number)-\(member)", engine: isMariaDB ? .mariadb : .postgres, port: listener.port))
            }
        }
        let nobody = try FreePort.next()
        secrets += (0..<numbers.down).map { .init(name: "down-\($0)", engine: .postgres, port: nobody) }
        let midway = try site.startProxy(before: server.port)
        secrets += (0..<numbers.midway).map { .init(name: "midway-\($0)", engine: .postgres, port: midway.port) }
        let sick = Set(secrets.map(\.name))
        secrets += (0..<numbers.healthy).map { .init(name: "healthy-\($0)", engine: .postgres, port: server.port) }
        try await site.make(secrets, on: server)

        try site.clock.set(to: HostClock.date(Self.windowStart).addingTimeInterval(61))
        // The scheduler looks at the moved clock within half a minute, or when somebody rotates.
        try await site.daemon.keyturn("rotate", SickTargetSite.bystander)
        try await self.healthyRotate(site, server, secrets, sick)
        await self.sickWait(site, Proof.isLong ? sick : sick.filter { !$0.hasPrefix("midway") })
        await Proof.case("sick-target/alerts-for-the-sick-only") {
            let alerts = try await site.daemon.keyturn("alerts", "list")["Alerts"]?.arrayValue ?? []
            let told = Set(alerts.compactMap { $0["Secret"]?.stringValue })
            try Proof.expect(!told.isEmpty && told.isSubset(of: sick), "alerts for \(told.sorted())")
        }
        // A statement that is swallowed is given up after a minute.
        if Proof.isLong { await self.sickRecover(site, server, midway) }
        try await site.daemon.stop()
        withExtendedLifetime(listeners) {}
    }

    private func healthyRotate(
        _ site: SickTargetSite,
        _ server: PostgresServer,
        _ secrets: [SickTargetSite.Member],
        _ sick: Set<String>
    ) async throws {
        let healthy = Set(secrets.map(\.name)).subtracting(sick)
        await Proof.case("sick-target/\(healthy.count)-healthy-rotate-on-time") {
            // All of them are due within a minute; a daemon that has just begun starts 20 a minute.
            let limit = Duration.seconds(60 + secrets.count * 4)
            try await eventually("the rotations of the healthy", within: limit) {
                try await site.rotations().allSatisfy { !healthy.contains($0.key) || $0.value["LastRotatedDate"] != nil }
            }
            let ends = try await site.rotations().filter { healthy.contains($0.key) }.compactMap {
                $0.value["LastRotatedDate"]?.doubleValue
            }
            let last = try #require(ends.max())
            try Proof.expect(ends.count == healthy.count, "\(ends.count) of \(healthy.count) have rotated")
            try Proof.expect(last < (try HostClock.date(Self.windowEnd)).timeIntervalSince1970, "the last rotated after its window")
            let seconds = last - (try HostClock.date(Self.windowStart)).timeIntervalSince1970 - 61
            Proof.figure("sick-target/seconds-from-due-to-the-last-healthy", String(format: "%.1f s", seconds))
        }
        await Proof.case("sick-target/the-healthy-log-in") {
            for name in Proof.isLong ? healthy.sorted() : Array(healthy.sorted().prefix(3)) {
                let value = try await site.value(name)
                let user = value["username"]?.stringValue ?? ""
                let login = try await server.login(user, value["password"]?.stringValue ?? "")
                try Proof.expect(login == user, "\(name) does not log in")
            }
        }
    }

    /// Every sick secret waits with its value, and at least one of each target has said why: the others found its breaker open.
    private func sickWait(_ site: SickTargetSite, _ sick: Set<String>) async {
        await Proof.case("sick-target/the-sick-wait-with-typed-causes") {
            try await eventually("a cause for each sick target", within: .seconds(180)) {
                let rotations = try await site.rotations().filter { sick.contains($0.key) }
                return Dictionary(grouping: rotations.values) { $0["Target"]?.stringValue }.values.allSatisfy { runs in
                    runs.contains { ["target_unreachable", "timeout"].contains($0["Failure"]?["Code"]?.stringValue) }
                }
            }
            for (name, rotation) in try await site.rotations() where sick.contains(name) {
                try Proof.expect(rotation["LastRotatedDate"] == nil, "\(name) is said to have rotated")
                try Proof.expect(!["ok", "parked"].contains(rotation["State"]?.stringValue), "\(name): \(rotation.text)")
                if let code = rotation["Failure"]?["Code"]?.stringValue {
                    try Proof.expect(["target_unreachable", "timeout"].contains(code), "\(name): \(code)")
                }
            }
        }
    }

    /// Once it answers again, a server that fell silent after the login rotates with the value that was pending.
    private func sickRecover(_ site: SickTargetSite, _ server: PostgresServer, _ proxy: SickTargetSite.Proxy) async {
        await Proof.case("sick-target/midway-recovers") {
            try await proxy.process.stop()
            let forward = try site.startForward(from: proxy.port, to: server.port)
            try await eventually("the wait of midway-0", within: .seconds(90)) {
                try await site.rotations()["midway-0"]?["State"] == "waiting"
            }
            try await eventually("the rotation of midway-0", within: .seconds(60)) {
                if try await site.rotations()["midway-0"]?["LastRotatedDate"] != nil { return true }
                try site.clock.set(to: HostClock.date(Self.windowStart).addingTimeInterval(3_600))
                _ = try await Command.run([Command.keyturn, "rotation", "retry", "midway-0"], environment: site.daemon.environment)
                return false
            }
            let value = try await site.value("midway-0")
            let user = value["username"]?.stringValue ?? ""
            try Proof.expect(try await server.login(user, value["password"]?.stringValue ?? "") == user, "midway-0 does not log in")
            try await forward.stop()
        }
    }
}
