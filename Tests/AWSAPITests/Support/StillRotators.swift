import RotationModel
import Rotators
import SecretModel

/// One rotator, `still`, that a test never runs.
struct StillRotators: RotatorRegistry {
    func rotator(named name: RotatorName) async -> (any Rotator)? { name == StillRotator().manifest.name ? StillRotator() : nil }

    func manifests() async -> [RotatorManifest] { [StillRotator().manifest] }
}

private struct StillRotator: Rotator {
    // swift-format-ignore: NeverForceUnwrap
    let manifest = RotatorManifest(
        name: RotatorName("still")!,
        summary: "does nothing",
        strategy: .singleUser,
        steps: [.createSecret, .setSecret, .testSecret, .finishSecret],
        requiresAdmin: false,
        timeout: .seconds(1),
        origin: "built-in"
    )

    func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue { SecretValue(string: "two") }
    func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }
    func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }
    func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }
    func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }
    func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport { ProbeReport(outcome: .accepted) }
    func preflight(_ context: StepContext) async -> [PreflightFinding] { [] }

    func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        TargetIdentity(target: "still://target", account: current.string ?? "")
    }
}
