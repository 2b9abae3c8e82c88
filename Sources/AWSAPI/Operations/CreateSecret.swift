import SecretModel
import Secrets
import Storage

struct CreateSecret: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.CreateSecret"
    let members: [MemberRule] = [
        MemberRule("Name", .secretName(length: 1...512), isRequired: true),
        .clientRequestToken, .description, .kmsKeyID, .secretString, .secretBinary, .tags(isRequired: false),
        .addReplicaRegions(isRequired: false), .forceOverwriteReplicaSecret, .type,
    ]
    let access = Self.rule
    static let rule: AccessRule = .newSecret(
        [
            .member("Name"), .member("Description"), .kmsKey, .member("ForceOverwriteReplicaSecret"), .member("Type"), .replicaRegions,
            .requestTags,
        ],
        further: [
            .init("secretsmanager:TagResource") { $0.has("Tags") },
            .init("secretsmanager:ReplicateSecretToRegions") { $0.has("AddReplicaRegions") },
        ]
    )

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        guard let name = SecretName(try input.required("Name")) else { throw .invalidName }
        let creation = SecretService.Creation(
            token: try input.clientRequestToken(),
            value: try input.secretValue(),
            description: input.string("Description"),
            kmsKeyID: input.string("KmsKeyId"),
            type: input.string("Type"),
            tags: try input.tags(),
            replicas: try input.replicaRequests(),
            overwritesReplicas: input.bool("ForceOverwriteReplicaSecret") ?? false
        )
        let (secret, version, replicas) = try await inWords { try await self.secrets.create(name, creation, context.origin) }
        return .output(
            ("ARN", .describing(secret.arn)),
            ("Name", .describing(name)),
            ("VersionId", version.map(JSONValue.describing)),
            ("ReplicationStatus", replicas.isEmpty ? nil : .replicas(replicas))
        )
    }
}
