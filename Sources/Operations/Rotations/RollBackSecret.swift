import AWSAPI
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

/// Moves AWSCURRENT back to the version with AWSPREVIOUS, after a probe of that version.
struct RollBackSecret: APIOperation {
    let parts: OperationParts
    let target = "keyturn.RollBackSecret"
    let members = [MemberRule.secretID, .flag("Force")]
    let access = AccessRule.secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let secret = try await self.parts.secret(try input.secret(), context)
        guard let previous = secret.labels.holder(of: .previous), let current = secret.labels.holder(of: .current) else {
            throw APIError(.invalidRequest, "The secret \(secret.arn.name) has no version with AWSPREVIOUS to go back to.")
        }
        if secret.rotation != nil, input.bool("Force") != true {
            try await self.proveThatItLogsIn(secret.arn, context)
        }
        _ = try await inWords {
            try await self.parts.secrets.move(.current, from: current, to: previous, of: .arn(secret.arn), context.origin)
        }
        return ["Name": .string(secret.arn.name.description), "VersionId": .string(previous.description)]
    }

    /// A login counts only where the target refuses a wrong password (I4).
    private func proveThatItLogsIn(_ secret: SecretARN, _ context: CallContext) async throws(APIError) {
        let report = try await inWords { try await self.parts.requests.probe(.arn(secret), in: context.scope, candidate: .previous) }
        guard report.outcome != .accepted || !report.isProof else { return }
        let answer = report.outcome == .accepted ? "logs in, which proves nothing" : "did not log in: \(report.outcome.rawValue)"
        let cause = report.failure.map { " (\($0.message))" } ?? ""
        throw APIError(
            .invalidRequest,
            "The previous version \(answer)\(cause). Nothing was moved; with --force the label moves all the same."
        )
    }
}
