import SecretModel
import Secrets
import Storage

struct ListSecretVersionIds: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.ListSecretVersionIds"
    let members: [MemberRule] = [.secretID, .number("MaxResults", 1...100), .nextToken, .flag("IncludeDeprecated")]
    let access: AccessRule = .secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let includesDeprecated = input.bool("IncludeDeprecated") ?? false
        let (secret, all) = try await inWords { try await self.secrets.versions(of: reference, context.origin) }
        let versions = all.filter { includesDeprecated || !secret.labels.labels(of: $0.version.id).isEmpty }
        let page = try Page(
            of: versions.map { PageEntry($0, key: .init($0.version.createdAt.microseconds, $0.version.id.description)) },
            // More than AWS's page: many callers never ask for the second (`aws-api.md` §13).
            limit: input.integer("MaxResults") ?? 1_000,
            after: input,
            binding: [self.target, secret.arn, includesDeprecated]
        )
        return .output(
            ("Versions", .array(page.elements.map { Self.entry($0, of: secret) })),
            ("NextToken", page.nextToken.map(JSONValue.describing)),
            ("ARN", .describing(secret.arn)),
            ("Name", .describing(secret.arn.name))
        )
    }

    private static func entry(_ keyed: SecretService.KeyedVersion, of secret: SecretRecord) -> JSONValue {
        let version = keyed.version
        let labels = secret.labels.labels(of: version.id)
        return .output(
            ("VersionId", .describing(version.id)),
            ("VersionStages", labels.isEmpty ? nil : .texts(labels)),
            ("LastAccessedDate", version.accessedDay.map(JSONValue.date)),
            ("CreatedDate", .date(version.createdAt)),
            ("KmsKeyIds", .texts([keyed.keyARN ?? "DefaultEncryptionKey"]))
        )
    }
}
