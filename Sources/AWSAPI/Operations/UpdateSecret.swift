import SecretModel
import Secrets
import Storage

struct UpdateSecret: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.UpdateSecret"
    let members: [MemberRule] = [.secretID, .clientRequestToken, .description, .kmsKeyID, .secretString, .secretBinary, .type]
    let access = Self.rule
    static let rule: AccessRule = .secret([.member("Description"), .kmsKey, .member("Type")], value: .writesWithChosenKey)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let token = try input.clientRequestToken()
        let update = SecretService.Update(
            value: try input.secretValue(),
            description: input.string("Description"),
            kmsKeyID: input.string("KmsKeyId"),
            type: input.string("Type")
        )
        let secret = try await inWords { try await self.secrets.update(reference, update, token: token, context.origin) }
        return .output(
            ("ARN", .describing(secret.arn)),
            ("Name", .describing(secret.arn.name)),
            ("VersionId", update.value.map { _ in .describing(token) })
        )
    }
}
