import RotationModel
import SecretModel

/// The JSON that a script reads from stdin (`rotator-protocol.md` §2.3).
struct ScriptRequest {
    let verb: ScriptVerb
    let context: StepContext
    let needs: Set<ScriptNeed>
    /// The value that stands in the place of pending: for probes of another candidate.
    let pending: SecretValue?
    let deadline: Timestamp
    /// A member that no script knows, in request and config: a script that rejects unknown members fails at once, not at the next release.
    let grease: String

    var json: JSONValue {
        let context = self.context
        var members: [JSONValue.Member] = [
            .init("protocol", .string(ScriptManifest.protocolName)),
            .init("step", .string(self.verb.rawValue)),
            .init("run", self.run),
            .init("secret", ["arn": .string(context.secret.description), "name": .string(context.secret.name.description)]),
            .init("versions", self.versions),
        ]
        if self.needs.contains(.admin), let admin = context.admin { members.append(.init("admin", self.value(admin, id: nil))) }
        let options = context.settings.options.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
        members.append(.init("config", .object(options + [.init(self.grease, true)])))
        if let state = context.state { members.append(.init("state", state)) }
        members.append(.init(self.grease, true))
        return .object(members)
    }

    /// The values that the request carries, by the names that redacted text shows.
    var values: [(name: String, value: SecretValue)] {
        let all: [(ScriptNeed, SecretValue?)] = [
            (.pending, self.pending), (.current, self.context.current), (.previous, self.context.previous), (.admin, self.context.admin),
        ]
        return all.compactMap { need, value in value.map { (need.rawValue, $0) } }
    }

    private var run: JSONValue {
        [
            "id": .string(self.context.run.description),
            "attempt": .integer(self.context.attempt),
            "trigger": .string(self.context.trigger.rawValue),
            "deadline": .string(self.deadline.rfc3339),
            "dry_run": .bool(self.context.isDryRun),
        ]
    }

    private var versions: JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ need: ScriptNeed, _ value: SecretValue?, id: VersionID?) {
            guard self.needs.contains(need), let value else { return }
            members.append(.init(need.rawValue, self.value(value, id: id)))
        }
        add(.current, self.context.current, id: nil)
        add(.pending, self.pending, id: self.context.run)
        add(.previous, self.context.previous, id: nil)
        return .object(members)
    }

    private func value(_ value: SecretValue, id: VersionID?) -> JSONValue {
        var members: [JSONValue.Member] = []
        if let id { members.append(.init("id", .string(id.description))) }
        switch value.content {
        case .string(let text): members.append(.init("string", .string(text)))
        case .binary(let bytes): members.append(.init("binary", .string(Base64.encode(bytes))))
        }
        return .object(members)
    }
}
