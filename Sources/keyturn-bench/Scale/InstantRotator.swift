import RotationModel
import Rotators
import SecretModel

/// A rotator whose target is nothing: what is left is the engine's own cost.
struct InstantRotator: Rotator {
    static let name = "bench-instant"
    static let engine = "bench"

    let manifest: RotatorManifest
    private let name: RotatorName

    /// - Returns: `nil` unless its name is one.
    init?() {
        guard let name = RotatorName(Self.name) else { return nil }
        self.name = name
        self.manifest = RotatorManifest(
            name: name,
            summary: "for benchmarks",
            strategy: .singleUser,
            steps: [.createSecret, .setSecret, .testSecret],
            requiresAdmin: false,
            timeout: .seconds(30),
            origin: "built-in"
        )
    }

    static func value(host: String, user: String, password: String = "first") -> SecretValue {
        SecretValue(
            string: #"{"engine":"\#(Self.engine)","host":"\#(host)","port":5432,"username":"\#(user)","password":"\#(password)"}"#
        )
    }

    func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue {
        var random = SystemRandomNumberGenerator()
        do {
            let password = try PasswordPolicy.default.generate(using: &random)
            let current = try JSONValue(parsing: context.current?.string ?? "")
            return SecretValue(string: current.setting("password", to: .string(password)).text)
        } catch {
            throw RotationFailure(.internalError, "\(error)")
        }
    }

    func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }
    func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport(account: "bench") }
    func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }
    func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }
    func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport { ProbeReport(outcome: .accepted) }
    func preflight(_ context: StepContext) async -> [PreflightFinding] { [] }

    func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        let value: JSONValue
        do { value = try JSONValue(parsing: current.string ?? "") } catch { throw RotationFailure(.configInvalid, "\(error)") }
        guard let host = value["host"]?.stringValue, let user = value["username"]?.stringValue else {
            throw RotationFailure(.configInvalid, "the value names no host or no user")
        }
        return TargetIdentity(target: "\(Self.engine)://\(host):5432", account: user)
    }
}

/// The registry with one rotator alone.
struct OneRotator: RotatorRegistry {
    let rotator: any Rotator

    func rotator(named name: RotatorName) async -> (any Rotator)? { name == self.rotator.manifest.name ? self.rotator : nil }
    func manifests() async -> [RotatorManifest] { [self.rotator.manifest] }
}
