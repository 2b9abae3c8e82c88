import SecretModel
import Secrets
import Storage

struct PutSecretValue: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.PutSecretValue"
    let members: [MemberRule] = [
        .secretID, .clientRequestToken, .secretString, .secretBinary,
        .texts("VersionStages", 1...20, each: 1...256),
        MemberRule(
            "RotationToken",
            .text(length: 36...256, pattern: .alphanumerics(and: "-", text: #"^[a-zA-Z0-9\-]+$"#)),
            isSensitive: true
        ),
    ]
    let access: AccessRule = .secret(value: .writes)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let token = try input.clientRequestToken()
        guard let value = try input.secretValue() else {
            throw APIError(.invalidRequest, "You must provide either SecretString or SecretBinary.")
        }
        let (secret, labels) = try await inWords {
            try await self.secrets.put(value, token: token, labels: input.labels("VersionStages"), to: reference, context.origin)
        }
        return .output(
            ("ARN", .describing(secret.arn)),
            ("Name", .describing(secret.arn.name)),
            ("VersionId", .describing(token)),
            ("VersionStages", labels.isEmpty ? nil : .texts(labels))
        )
    }
}
