import SecretModel
import Secrets

struct DeleteSecret: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.DeleteSecret"
    let members: [MemberRule] = [
        .secretID, .number("RecoveryWindowInDays", .min ... .max), .flag("ForceDeleteWithoutRecovery"),
    ]
    let access: AccessRule = .secret([.member("RecoveryWindowInDays"), .member("ForceDeleteWithoutRecovery")])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let (secret, date) = try await inWords {
            let deletion = try SecretService.Deletion(
                days: input.integer("RecoveryWindowInDays"),
                isForced: input.bool("ForceDeleteWithoutRecovery") ?? false
            )
            return try await self.secrets.delete(reference, deletion, context.origin)
        }
        return .output(("ARN", .describing(secret)), ("Name", .describing(secret.name)), ("DeletionDate", .date(date)))
    }
}

struct RestoreSecret: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.RestoreSecret"
    let members: [MemberRule] = [.secretID]
    let access: AccessRule = .secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        return .identity(of: try await inWords { try await self.secrets.restore(reference, context.origin) })
    }
}
