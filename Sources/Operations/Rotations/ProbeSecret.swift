import AWSAPI
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Storage

/// Whether AWSCURRENT logs in, now.
struct ProbeSecret: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ProbeSecret"
    let members: [MemberRule] = [.secretID]
    let access = AccessRule.secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let secret = try await self.parts.secret(try input.secret(), context)
        let report = try await inWords { try await self.parts.requests.probe(.arn(secret.arn), in: context.scope) }
        return JSONValue.output([
            ("Name", .string(secret.arn.name.description)),
            ("ARN", .string(secret.arn.description)),
            ("Outcome", .string(report.outcome.rawValue)),
            ("IsProof", .bool(report.isProof)),
            ("Account", report.account.map(JSONValue.string)),
            ("Failure", report.failure.map(RunJSON.failure)),
        ])
    }
}
