import AdminClient
import SecretModel

/// What a rotation must change exactly once.
struct KillSnapshot {
    let versions: Set<String>
    let runs: Set<String>
    let current: String?
    let username: String?
    let password: String?
}

/// A run, as `keyturn.DescribeRotation` tells.
struct KillRun {
    private let json: JSONValue

    init(_ json: JSONValue) {
        self.json = json
    }

    var text: String { self.json.text }
    var state: String { self.json["State"]?.stringValue ?? "?" }

    /// Whether nothing is left to do but to wait for the end of a grace period of hours.
    func isDone(_ leg: KillLeg) -> Bool {
        switch self.state {
        case "succeeded", "retired": true
        case "retiring": leg.turn != .retiring
        default: false
        }
    }

    /// Whether an attempt has failed, and the next is minutes away.
    var isStuck: Bool { ["waiting", "retiring"].contains(self.state) && self.json["Failure"] != nil }
}

extension KillSite {
    private var secret: JSONValue { ["SecretId": .string(self.user)] }

    func run(_ token: String) async throws -> KillRun {
        let answer = try await self.call("keyturn.DescribeRotation", self.secret.setting("RunId", to: .string(token)))
        return KillRun(answer["Runs"]?.arrayValue?.first ?? [:])
    }

    /// `nil` from a daemon that is dying, or that knows nothing of the run.
    func runIfTold(_ token: String) async throws -> KillRun? {
        do {
            return try await self.run(token)
        } catch ClientError.unreachable {
            return nil
        } catch ClientError.refused(code: "ResourceNotFoundException", _, _) {
            return nil
        }
    }

    func value(_ label: String) async throws -> (username: String, password: String)? {
        do {
            let answer = try await self.call(
                "secretsmanager.GetSecretValue",
                self.secret.setting("VersionStage", to: .string(label))
            )
            let json = try JSONValue(parsing: answer["SecretString"]?.stringValue ?? "")
            return (json["username"]?.stringValue ?? "", json["password"]?.stringValue ?? "")
        } catch ClientError.refused(code: "ResourceNotFoundException", _, _) {
            return nil
        }
    }

    func snapshot() async throws -> KillSnapshot {
        let versions = try await self.call("secretsmanager.ListSecretVersionIds", self.secret.setting("IncludeDeprecated", to: true))
        let rotation = try await self.call("keyturn.DescribeRotation", self.secret.setting("MaxResults", to: 100))
        let entries = versions["Versions"]?.arrayValue ?? []
        let current = try await self.value("AWSCURRENT")
        return KillSnapshot(
            versions: Set(entries.compactMap { $0["VersionId"]?.stringValue }),
            runs: Set((rotation["Runs"]?.arrayValue ?? []).compactMap { $0["RunId"]?.stringValue }),
            current: entries.first { $0["VersionStages"]?.arrayValue?.contains("AWSCURRENT") == true }?["VersionId"]?.stringValue,
            username: current?.username,
            password: current?.password
        )
    }

    /// - Parameter pending: The pending password when the daemon died, if it died.
    func judge(_ token: String, since before: KillSnapshot, pending: String?) async throws {
        let after = try await self.snapshot()
        try Proof.expect(after.versions.subtracting(before.versions) == [token], "I3: not exactly one new version, that of the run's token")
        try Proof.expect(after.runs.subtracting(before.runs) == [token], "not exactly one new run")
        let labels = try await self.call("secretsmanager.DescribeSecret", self.secret)["VersionIdsToStages"]
        try Proof.expect(labels?[token] == ["AWSCURRENT"], "the labels are \(labels?.text ?? "none")")
        try Proof.expect(labels?[before.current ?? "?"] == ["AWSPREVIOUS"], "the labels are \(labels?.text ?? "none")")
        try Proof.expect(labels?.text.contains("AWSPENDING") == false, "AWSPENDING is left")
        try Proof.expect(pending == nil || pending == after.password, "I3: the pending value was replaced")
        try Proof.expect(after.password != before.password, "there is no new password")
        try await self.judgeTarget(before, after)
        let alerts = try await self.call("keyturn.ListAlerts")["Alerts"]?.arrayValue ?? []
        let ours = alerts.filter { $0["Secret"]?.stringValue == self.user }
        try Proof.expect(ours.isEmpty, "alerts are firing after the success: \(ours.map(\.text))")
    }

    private func judgeTarget(_ before: KillSnapshot, _ after: KillSnapshot) async throws {
        let takesTurns = before.username != after.username
        try Proof.expect(takesTurns == self.leg.isAlternating, "\(after.username ?? "nobody") follows \(before.username ?? "nobody")")
        let isCurrent = try await self.target.works(after.username ?? "", after.password ?? "", for: self.user)
        try Proof.expect(isCurrent, "AWSCURRENT does not work")
        let keepsPrevious = !self.leg.isSingleUser && self.leg.turn != .retiring
        let isPrevious = try await self.target.works(before.username ?? "", before.password ?? "", for: self.user)
        try Proof.expect(
            isPrevious == keepsPrevious,
            keepsPrevious ? "AWSPREVIOUS fails in its grace period" : "the old password still works"
        )
        let rights = try await self.target.rights(of: self.user)
        try Proof.expect(rights == self.expectedRights, "the rights are \(rights) and not \(self.expectedRights)")
    }
}
