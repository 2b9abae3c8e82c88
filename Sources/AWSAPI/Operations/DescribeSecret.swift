import SecretModel
import Secrets

struct DescribeSecret: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.DescribeSecret"
    let members: [MemberRule] = [.secretID]
    let access: AccessRule = .secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let (secret, replicas) = try await inWords { try await self.secrets.describeWithReplicas(reference, context.origin) }
        return .description(of: secret, replicas)
    }
}
