import RotationModel
import SecretModel
import Storage

/// The body of a notification: CloudEvents 1.0 in its structured form, and a Standard Webhooks payload at once (`alerting.md` §5).
struct NotificationComposer: Sendable {
    enum Resolution: String, Sendable {
        case succeeded
        case rotationDisabled = "rotation_disabled"
        case secretDeleted = "secret_deleted"
        case keyEnabled = "key_enabled"
        case keyDeletionScheduled = "key_deletion_scheduled"
        case keyDeletionCancelled = "key_deletion_cancelled"
        case keyNotNeeded = "no_secret_needs_the_key"
    }

    enum Status: Sendable {
        case firing
        case resolved(Resolution)

        var name: String {
            switch self {
            case .firing: "firing"
            case .resolved: "resolved"
            }
        }
    }

    let source: String

    /// The whole CloudEvents document.
    ///
    /// - Parameter subject: The ARN of the secret or key; `nil` for a test.
    func body(id: String, type: String, subject: String?, data: JSONValue, at now: Timestamp) -> JSONValue {
        let time = JSONValue.string(now.rfc3339)
        var members: [JSONValue.Member] = [
            .init("specversion", "1.0"), .init("id", .string(id)), .init("source", .string(self.source)), .init("type", .string(type)),
        ]
        if let subject { members.append(.init("subject", .string(subject))) }
        members += [
            .init("time", time), .init("timestamp", time), .init("datacontenttype", "application/json"), .init("data", data),
        ]
        return .object(members)
    }

    /// The `data` member: alert, secret, run, error, which credential works now; and for a resolution how it ended.
    func data(alert: AlertRecord, status: Status, incident: Incident, at now: Timestamp) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("alert", self.alert(alert, status: status, incident: incident, at: now)),
            .init("secret", self.secret(incident.secret)),
        ]
        if let run = incident.run {
            members.append(.init("run", self.run(run, at: now)))
            members.append(.init("candidates", WorkingCredential.json(run.candidates)))
        }
        switch status {
        case .firing:
            members.append(.init("error", self.error(incident)))
        case .resolved(let reason):
            members.append(.init("resolution", self.resolution(reason, of: alert, incident: incident, at: now)))
        }
        members.append(.init("test", false))
        return .object(members)
    }

    private func alert(_ alert: AlertRecord, status: Status, incident: Incident, at now: Timestamp) -> JSONValue {
        let deadline = incident.secret.rotation?.maxAgeDeadline
        return [
            ("name", .string(alert.name)),
            ("status", .string(status.name)),
            ("severity", .string(alert.severity)),
            ("fingerprint", .string(alert.fingerprint)),
            ("startsAt", .string(alert.startsAt.rfc3339)),
            ("endsAt", .time(alert.endsAt)),
            ("attempt", .integer(alert.attempts)),
            ("nextAttemptAt", .time(incident.run?.nextAttemptAt)),
            ("deadline", .time(deadline)),
            ("secondsToDeadline", deadline.map { .integer($0.seconds - now.seconds) } ?? .null),
        ].asObject
    }

    private func secret(_ secret: SecretRecord) -> JSONValue {
        let tags = (secret.tags ?? []).map { JSONValue.Member($0.key, .string($0.value)) }
        return [
            ("name", .string(secret.arn.name.description)), ("arn", .string(secret.arn.description)), ("tags", .object(tags)),
        ].asObject
    }

    private func run(_ run: RunRecord, at now: Timestamp) -> JSONValue {
        [
            ("id", .string(run.id.token.description)),
            ("rotator", .string(run.rotator.description)),
            ("step", .string((run.failedStep ?? run.step).rawValue)),
            ("state", .string(run.state.rawValue)),
            ("trigger", .string(run.trigger.rawValue)),
            ("durationMs", .integer((now - run.startedAt).wholeMicroseconds / 1_000)),
        ].asObject
    }

    private func error(_ incident: Incident) -> JSONValue {
        guard let failure = incident.run?.failure else {
            return [
                ("code", .null),
                ("message", .string("The next rotation date has passed without a success.")),
                ("retryable", true),
                ("hint", .string(WorkingCredential.sentence(for: incident.run))),
                ("action", .string("Run `keyturn rotation show \(incident.secret.arn.name)` to see what holds it up.")),
            ].asObject
        }
        let action = failure.hint ?? "Run `keyturn rotation show \(incident.secret.arn.name)` for the history of the run."
        return [
            ("code", .string(failure.code.rawValue)),
            ("message", .string(failure.message)),
            ("retryable", .bool(failure.isRetryable)),
            ("hint", .string(WorkingCredential.sentence(for: incident.run))),
            ("action", .string(action)),
        ].asObject
    }

    private func resolution(_ reason: Resolution, of alert: AlertRecord, incident: Incident, at now: Timestamp) -> JSONValue {
        let nextDate = incident.secret.rotation?.nextWindow.map { Timestamp(seconds: $0.end.seconds - 1) }
        return [
            ("reason", .string(reason.rawValue)),
            ("durationMs", .integer((now - alert.startsAt).wholeMicroseconds / 1_000)),
            ("attempts", .integer(alert.attempts)),
            ("versionId", reason == .succeeded ? (incident.run?.id.token.description).map(JSONValue.string) ?? .null : .null),
            ("nextRotationAt", reason == .succeeded ? .time(nextDate) : .null),
        ].asObject
    }
}

extension JSONValue {
    /// RFC 3339, or null.
    static func time(_ time: Timestamp?) -> JSONValue {
        time.map { .string($0.rfc3339) } ?? .null
    }
}

extension [(String, JSONValue)] {
    /// An object whose members stand in the order of the pairs.
    var asObject: JSONValue { .object(self.map { JSONValue.Member($0.0, $0.1) }) }
}
