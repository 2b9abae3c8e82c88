import AWSAPI
import RotationModel
import SecretModel
import Storage

/// A secret's rotation with its last runs, or one run, each with every step.
struct DescribeRotation: APIOperation {
    let parts: OperationParts
    let target = "keyturn.DescribeRotation"
    let members = [MemberRule.secretID, .text("RunId", 32...64), .number("MaxResults", 1...100)]

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        try self.parts.authorizer.authorize(context.caller, action: "keyturn:DescribeRotation", resource: try input.required("SecretId"))
        let secret = try await self.parts.secret(try input.secret(), context)
        guard let rotation = secret.rotation else {
            throw APIError(.invalidRequest, "The secret \(secret.arn.name) has no rotation settings.")
        }
        let token = input.string("RunId").flatMap(VersionID.init)
        let limit = input.integer("MaxResults") ?? 3
        let runs = try await self.parts.read { store in
            let runs =
                try token.map { try [store.run(RunID(secret: secret.arn, token: $0))].compactMap { $0 } }
                ?? store.runs(of: secret.arn, limit: limit)
            return try runs.map { ($0, try store.steps(of: $0.id)) }
        }
        if let token, runs.isEmpty {
            throw APIError(.resourceNotFound, "The secret \(secret.arn.name) has no run \(token).")
        }
        let strategies = await self.parts.rotators.strategies()
        return [
            "Rotation": RotationJSON.rotation(secret, rotation, strategy: strategies[rotation.rotator], latest: runs.first?.0),
            "Runs": .array(runs.map { RunJSON.run($0.0, steps: $0.1) }),
        ]
    }
}
