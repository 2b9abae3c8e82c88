import SecretModel
import Secrets

struct DescribeSecret: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.DescribeSecret"
    let members: [MemberRule] = [.secretID]

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        return .description(of: try await inWords { try await self.secrets.describe(reference, context.origin) })
    }
}
