import AWSAPI
import RotationModel
import Rotators
import SecretModel

/// The rotators that this daemon has, and what is wrong with files that it does not use.
struct ListRotators: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ListRotators"
    let members: [MemberRule] = []
    let access = AccessRule.everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let manifests = await self.parts.rotators.manifests()
        let problems = await self.parts.rotators.problems()
        return [
            "Rotators": .array(
                manifests.map { manifest in
                    [
                        "Name": .string(manifest.name.description),
                        "Strategy": .string(manifest.strategy.rawValue),
                        "Summary": .string(manifest.summary),
                        "RequiresAdmin": .bool(manifest.requiresAdmin),
                        "Origin": .string(manifest.origin),
                        "Steps": .array(RotationStep.allCases.filter(manifest.steps.contains).map { .string($0.rawValue) }),
                    ]
                }
            ),
            "Problems": .array(problems.map { .string("\($0.path) is \($0.kind.rawValue): \($0.reason)") }),
        ]
    }
}

extension RotatorCatalog {
    /// Which strategy each rotator follows.
    func strategies() async -> [RotatorName: RotationStrategy] {
        Dictionary(await self.manifests().map { ($0.name, $0.strategy) }) { first, _ in first }
    }
}
