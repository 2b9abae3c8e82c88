import AWSAPI
import RotationModel
import SecretModel
import Storage

/// All secrets of the account and region that have rotation settings, with their state.
struct ListRotations: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ListRotations"
    let members: [MemberRule] = []
    let access = AccessRule.everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let scope = context.scope
        let rows = try await self.parts.read { store in
            try store.secrets(in: scope, includingDeleted: false).filter { $0.rotation != nil }.map { secret in
                (secret, try store.runs(of: secret.arn, limit: 1).first)
            }
        }
        let strategies = await self.parts.rotators.strategies()
        let rotations = rows.compactMap { secret, run in
            secret.rotation.map {
                RotationJSON.rotation(secret, $0, strategy: strategies[$0.rotator] ?? run?.strategy, latest: run)
            }
        }
        return ["Rotations": .array(rotations)]
    }
}
