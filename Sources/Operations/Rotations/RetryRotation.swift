import AWSAPI
import RotationEngine
import RotationModel
import SecretModel
import Storage

/// Takes a waiting, failed or parked run up again, with the same token and value.
struct RetryRotation: APIOperation {
    let parts: OperationParts
    let target = "keyturn.RetryRotation"
    let members: [MemberRule] = [.secretID]
    let access = AccessRule.secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let run = try await inWords { try await self.parts.requests.retry(reference, in: context.scope, by: context.origin) }
        return ["RunId": .string(run.id.token.description)]
    }
}
