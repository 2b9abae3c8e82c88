import AWSAPI
import RotationEngine
import RotationModel
import SecretModel
import Storage

/// Takes a waiting, failed or parked run up again, with the same token and value.
struct RetryRotation: APIOperation {
    let parts: OperationParts
    let target = "keyturn.RetryRotation"
    let members = CallContext.secretMembers

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        try self.parts.authorizer.authorize(context.caller, action: "keyturn:RetryRotation", resource: try input.required("SecretId"))
        let reference = try input.secret()
        do throws(RotationRequestError) {
            let run = try await self.parts.requests.retry(reference, in: context.scope, by: context.actor)
            return ["RunId": .string(run.id.token.description)]
        } catch {
            throw APIError(error)
        }
    }
}
