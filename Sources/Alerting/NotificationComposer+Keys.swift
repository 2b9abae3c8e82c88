import Encryption
import SecretModel
import Storage

extension NotificationComposer {
    /// The `data` member of a notification about a KMS key: alert, key, whom it concerns, and what to do; for a resolution how it ended.
    func data(alert: AlertRecord, status: Status, _ incident: KeyIncident, at now: Timestamp) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("alert", self.alert(alert, status, incident, at: now)),
            .init("key", self.key(incident)),
            .init("secrets", self.secrets(incident)),
        ]
        switch status {
        case .firing: members.append(.init("error", self.error(incident)))
        case .resolved(let reason):
            let duration = JSONValue.integer((now - alert.startsAt).wholeMicroseconds / 1_000)
            members.append(.init("resolution", ["reason": .string(reason.rawValue), "durationMs": duration]))
        }
        members.append(.init("test", false))
        return .object(members)
    }

    private func alert(_ alert: AlertRecord, _ status: Status, _ incident: KeyIncident, at now: Timestamp) -> JSONValue {
        let deadline = incident.isGone ? nil : incident.deletionAt
        return [
            ("name", .string(alert.name)),
            ("status", .string(status.name)),
            ("severity", .string(alert.severity)),
            ("fingerprint", .string(alert.fingerprint)),
            ("startsAt", .string(alert.startsAt.rfc3339)),
            ("endsAt", .time(alert.endsAt)),
            ("deadline", .time(deadline)),
            ("secondsToDeadline", deadline.map { .integer($0.seconds - now.seconds) } ?? .null),
        ].asObject
    }

    private func key(_ incident: KeyIncident) -> JSONValue {
        [
            ("id", .string(incident.id.description)),
            ("arn", .string(incident.arn)),
            ("state", incident.isGone ? "Deleted" : .string(incident.state.rawValue)),
            ("deletionDate", .time(incident.deletionAt)),
        ].asObject
    }

    private func secrets(_ incident: KeyIncident) -> JSONValue {
        ["count": .integer(incident.count), "first": .array(incident.first.map { .string($0.description) })]
    }

    private func error(_ incident: KeyIncident) -> JSONValue {
        let (arn, count) = (incident.arn, incident.count)
        let whom = count == 1 ? "1 secret" : "\(count) secrets"
        let enable = "aws kms enable-key --key-id \(arn)"
        var hint = "Until the key is enabled its secrets can be neither read nor rotated."
        let (message, action): (String, String)
        if incident.isGone {
            message = "The KMS key of \(whom) was deleted: the values under it are lost."
            hint = "A secret is concerned as long as a value is under the key that it may need, AWSPREVIOUS and those of runs included."
            action =
                "Give each a new value, and a key that is there: `aws secretsmanager update-secret --secret-id … --secret-string …"
                + " --kms-key-id …`. Where the password is known to nobody, set a new one on the target first."
        } else if let date = incident.deletionAt {
            message = "The KMS key of \(whom) is to be deleted at \(date.rfc3339), and the values under it are lost with it."
            action =
                "Before that: `aws kms cancel-key-deletion --key-id \(arn)`, then `\(enable)`. If the key is to go, give its secrets another"
                + " one first: `aws secretsmanager update-secret --secret-id … --kms-key-id …`."
        } else {
            message = "The KMS key of \(whom) is disabled."
            action = "`\(enable)`. If the key is to stay disabled, give its secrets another one while it is enabled."
        }
        return [
            ("code", .string(incident.errorCode)),
            ("message", .string(message)),
            ("retryable", false),
            ("hint", .string(hint)),
            ("action", .string(action)),
        ].asObject
    }
}
