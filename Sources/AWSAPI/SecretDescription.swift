import RotationModel
import SecretModel
import Secrets
import Storage

extension JSONValue {
    /// ARN and Name: all that many operations answer.
    static func identity(of secret: SecretRecord) -> JSONValue {
        .output(("ARN", .describing(secret.arn)), ("Name", .describing(secret.arn.name)))
    }

    /// DescribeSecret's answer (`aws-api.md` §6.6): only members with a value.
    static func description(of secret: SecretRecord, _ replicas: [ReplicaStatus]) -> JSONValue {
        .description(
            of: secret,
            versions: "VersionIdsToStages",
            showsLastRotation: secret.rotation?.isEnabled ?? false,
            replicas: replicas.isEmpty ? nil : .replicas(replicas)
        )
    }

    /// An entry of ListSecrets: the same members, but the versions have another name, and the last rotation shows after a cancellation.
    static func listEntry(of secret: SecretRecord) -> JSONValue {
        .description(of: secret, versions: "SecretVersionsToStages", showsLastRotation: true)
    }

    private static func description(
        of secret: SecretRecord,
        versions: String,
        showsLastRotation: Bool,
        replicas: JSONValue? = nil
    ) -> JSONValue {
        let rotation = secret.rotation
        return .output(
            ("ARN", .describing(secret.arn)),
            ("Name", .describing(secret.arn.name)),
            ("Type", secret.type.map(JSONValue.describing)),
            ("Description", secret.description.map(JSONValue.describing)),
            ("KmsKeyId", secret.kmsKeyID.map(JSONValue.describing)),
            ("RotationEnabled", rotation.map { .bool($0.isEnabled) }),
            ("RotationLambdaARN", rotation.map { .string($0.lambdaARN) }),
            ("RotationRules", rotation?.rules.map(JSONValue.rotationRules)),
            ("LastRotatedDate", showsLastRotation ? rotation?.lastRotatedAt.map(JSONValue.date) : nil),
            ("LastChangedDate", .date(secret.changedAt)),
            ("LastAccessedDate", secret.accessedDay.map(JSONValue.date)),
            ("DeletedDate", secret.deletedAt.map(JSONValue.date)),
            ("NextRotationDate", rotation.flatMap(Self.nextRotationDate)),
            ("Tags", secret.tags.map { .array($0.map { ["Key": .string($0.key), "Value": .string($0.value)] }) }),
            (versions, .labels(secret.labels)),
            ("CreatedDate", .date(secret.createdAt)),
            ("PrimaryRegion", secret.primaryRegion.map(JSONValue.describing)),
            ("ReplicationStatus", replicas)
        )
    }

    /// The last second of the due window, only while rotation is enabled.
    private static func nextRotationDate(_ rotation: RotationRecord) -> JSONValue? {
        guard rotation.isEnabled, let window = rotation.nextWindow else { return nil }
        return .date(window.end - .seconds(1))
    }

    /// Versions with their labels; a version without labels does not show. `nil` if no version has one.
    private static func labels(_ labels: VersionLabels) -> JSONValue? {
        var versions: [VersionID] = []
        for (_, version) in labels.pairs where !versions.contains(version) { versions.append(version) }
        return versions.isEmpty ? nil : .object(versions.map { .init($0.description, .texts(labels.labels(of: $0))) })
    }
}
