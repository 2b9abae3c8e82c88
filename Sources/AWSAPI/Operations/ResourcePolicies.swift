import SecretModel
import Secrets
import Storage

struct PutResourcePolicy: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.PutResourcePolicy"
    let members: [MemberRule] = [.secretID, .text("ResourcePolicy", 1...20_480, isRequired: true), .flag("BlockPublicPolicy")]
    let access: AccessRule = .secret([.member("BlockPublicPolicy")])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let policy = try input.required("ResourcePolicy")
        let blocksPublic = input.bool("BlockPublicPolicy") ?? false
        return .identity(
            of: try await inWords {
                try await self.secrets.putPolicy(policy, blocksPublic: blocksPublic, on: reference, context.origin)
            }
        )
    }
}

struct GetResourcePolicy: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.GetResourcePolicy"
    let members: [MemberRule] = [.secretID]
    let access: AccessRule = .secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let secret = try await inWords { try await self.secrets.policy(of: reference, context.origin) }
        return .output(
            ("ARN", .describing(secret.arn)),
            ("Name", .describing(secret.arn.name)),
            ("ResourcePolicy", secret.resourcePolicy.map(JSONValue.describing))
        )
    }
}

struct DeleteResourcePolicy: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.DeleteResourcePolicy"
    let members: [MemberRule] = [.secretID]
    let access: AccessRule = .secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        return .identity(of: try await inWords { try await self.secrets.deletePolicy(of: reference, context.origin) })
    }
}
