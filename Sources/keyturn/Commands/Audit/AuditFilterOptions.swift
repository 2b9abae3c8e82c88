import ArgumentParser
import SecretModel

/// What audit records must have in common.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: "Name or ARN of a secret.")
    var secret: String?

    @Option(help: "Event name: GetSecretValue, RotationFailed, …")
    var event: String?

    @Option(help: "Name of a user.")
    var user: String?

    @Option(help: "Id of an access key.")
    var accessKey: String?

    @Flag(help: "Only calls that failed, or were denied.")
    var failed = false

    @Flag(help: "Only what changes something.")
    var changes = false

    @Option(help: "From this time on: 2026-11-21 or 2026-11-21T01:02:03Z.")
    var since: MomentArgument?

    @Option(help: "Up to this time.")
    var until: MomentArgument?

    /// The members of `keyturn.ListAuditRecords`.
    var members: JSONValue {
        let members: [(String, JSONValue?)] = [
            ("SecretId", self.secret.map(JSONValue.string)),
            ("EventName", self.event.map(JSONValue.string)),
            ("Username", self.user.map(JSONValue.string)),
            ("AccessKeyId", self.accessKey.map(JSONValue.string)),
            ("IsFailure", self.failed ? true : nil),
            ("ReadOnly", self.changes ? false : nil),
            ("StartTime", self.since.map { .integer($0.time.seconds) }),
            ("EndTime", self.until.map { .integer($0.time.seconds) }),
        ]
        return .object(members.compactMap { name, value in value.map { .init(name, $0) } })
    }
}

/// A moment in UTC, as people write it.
struct MomentArgument: ExpressibleByArgument {
    let time: Timestamp

    init?(argument: String) {
        guard let time = Timestamp(rfc3339: argument) else { return nil }
        self.time = time
    }
}
