import AWSAPI
import RotationModel
import SecretModel
import Storage

/// A secret's rotation as Keyturn's own operations show it.
enum RotationJSON {
    /// - Parameter latest: The newest run, if there ever was one.
    static func rotation(_ secret: SecretRecord, _ rotation: RotationRecord, strategy: RotationStrategy?, latest: RunRecord?) -> JSONValue {
        JSONValue.output([
            ("Name", .string(secret.arn.name.description)),
            ("ARN", .string(secret.arn.description)),
            ("Rotator", .string(rotation.rotator.description)),
            ("Strategy", strategy.map { .string($0.rawValue) }),
            ("RotationEnabled", .bool(rotation.isEnabled)),
            ("State", .string(self.state(rotation, latest))),
            ("LastRotatedDate", rotation.lastRotatedAt.map(JSONValue.date)),
            ("NextRotationDate", rotation.nextWindow.map { .date($0.end - .seconds(1)) }),
            ("DueDate", rotation.dueAt.map(JSONValue.date)),
            ("MaxAgeDate", rotation.maxAgeDeadline.map(JSONValue.date)),
            ("ConsecutiveFailures", .integer(rotation.consecutiveFailures)),
            ("NextAttemptDate", latest?.state.isUnfinished == true ? latest?.nextAttemptAt.map(JSONValue.date) : nil),
            ("Failure", latest?.state.isUnfinished == true ? latest?.failure.map(RunJSON.failure) : nil),
            ("LoginGapMs", latest?.loginGap.map(RunJSON.milliseconds)),
            ("Target", rotation.target.map(JSONValue.string)),
            ("Account", rotation.account.map(JSONValue.string)),
            ("VersionIdsToStages", self.versions(secret.labels)),
        ])
    }

    private static func state(_ rotation: RotationRecord, _ latest: RunRecord?) -> String {
        guard rotation.isEnabled else { return "off" }
        guard let latest, latest.state.isUnfinished || latest.state == .retiring else { return "ok" }
        return latest.state.rawValue
    }

    private static func versions(_ labels: VersionLabels) -> JSONValue {
        var order: [VersionID] = []
        for pair in labels.pairs where !order.contains(pair.version) { order.append(pair.version) }
        return .object(
            order.map { version in
                .init(version.description, .array(labels.labels(of: version).map { .string($0.description) }))
            }
        )
    }
}
