import NIOConcurrencyHelpers
import RotationModel
import Rotators
import SecretModel

/// Notes when the steps of runs are called, one run after the other, and passes them on.
struct StepTimes: Rotator {
    let rotator: InstantRotator
    private let marks = NIOLockedValueBox<[(name: String, at: ContinuousClock.Instant)]>([])

    init(rotator: InstantRotator) {
        self.rotator = rotator
    }

    func mark(_ name: String) { self.marks.withLockedValue { $0.append((name, .now)) } }

    /// From each mark of the one name to the next of the other, in milliseconds.
    func mean(from first: String, to second: String) -> Double {
        var (start, total, count) = (ContinuousClock.Instant?.none, Duration.zero, 0)
        for mark in self.marks.withLockedValue({ $0 }) {
            if mark.name == first { start = mark.at }
            guard mark.name == second, let begin = start else { continue }
            (start, total, count) = (nil, total + (mark.at - begin), count + 1)
        }
        return count == 0 ? 0 : total / .milliseconds(1) / Double(count)
    }

    var manifest: RotatorManifest { self.rotator.manifest }

    func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue {
        self.mark("createSecret")
        return try await self.rotator.createSecret(context)
    }

    func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        self.mark("setSecret")
        return try await self.rotator.setSecret(context)
    }

    func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        self.mark("testSecret")
        return try await self.rotator.testSecret(context)
    }

    func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { try await self.rotator.finishSecret(context) }
    func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport { try await self.rotator.retire(context) }
    func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport { await self.rotator.probe(candidate, context) }
    func preflight(_ context: StepContext) async -> [PreflightFinding] { await self.rotator.preflight(context) }

    func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        try self.rotator.identity(of: current, settings: settings)
    }
}
