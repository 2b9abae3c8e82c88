import AWSAPI
import RotationEngine
import Rotators
import SecretModel

/// Checks everything about a secret's rotation that can be checked without changing anything.
struct PreflightRotation: APIOperation {
    let parts: OperationParts
    let target = "keyturn.PreflightRotation"
    let members: [MemberRule] = [.secretID]
    let access = AccessRule.secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let findings = try await inWords {
            try await self.parts.requests.preflight(reference, in: context.scope, mayUse: context.mayUseAdmin)
        }
        return ["Findings": .array(findings.map(\.json))]
    }
}

extension PreflightFinding {
    var json: JSONValue {
        JSONValue.output([
            ("Level", .string(self.level.rawValue)),
            ("Check", .string(self.check)),
            ("Message", .string(self.message)),
            ("Hint", self.hint.map(JSONValue.string)),
        ])
    }
}
