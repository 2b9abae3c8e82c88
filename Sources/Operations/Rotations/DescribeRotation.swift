import AWSAPI
import RotationModel
import SecretModel
import Storage

/// A secret's rotation with its last runs, or one run, each with every step.
struct DescribeRotation: APIOperation {
    let parts: OperationParts
    let target = "keyturn.DescribeRotation"
    let members = [MemberRule.secretID, .text("RunId", 32...64), .number("MaxResults", 1...100)]
    let access = AccessRule.secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let secret = try await self.parts.secret(try input.secret(), context)
        guard let rotation = secret.rotation else {
            throw APIError(.invalidRequest, "The secret \(secret.arn.name) has no rotation settings.")
        }
        let token = try input.version("RunId") { Self.noRun($0, of: secret) }
        let limit = input.integer("MaxResults") ?? 3
        let (runs, latest) = try await self.parts.read { store in
            let latest = try store.runs(of: secret.arn, limit: 1).first
            let runs =
                if let token {
                    try [store.run(RunID(secret: secret.arn, token: token))].compactMap { $0 }
                } else {
                    try store.runs(of: secret.arn, limit: limit)
                }
            return (try runs.map { ($0, try store.steps(of: $0.id)) }, latest)
        }
        if let token, runs.isEmpty { throw Self.noRun(token.description, of: secret) }
        let strategies = await self.parts.rotators.strategies()
        return [
            "Rotation": RotationJSON.rotation(secret, rotation, strategy: strategies[rotation.rotator], latest: latest),
            "Runs": .array(runs.map { RunJSON.run($0.0, steps: $0.1) }),
        ]
    }

    private static func noRun(_ token: String, of secret: SecretRecord) -> APIError {
        APIError(.resourceNotFound, "The secret \(secret.arn.name) has no run \(token).")
    }
}
