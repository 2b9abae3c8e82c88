import NIOConcurrencyHelpers
import RotationModel
import Rotators
import SecretModel

/// A rotator of accounts that exist in memory only.
struct FakeRotator: Rotator {
    struct State: Sendable {
        /// What each account (`user@host`) accepts.
        var passwords: [String: Set<String>] = [:]
        var acceptsAnything = false
        /// Steps that could change a target.
        var changes = 0
    }

    // swift-format-ignore: NeverForceUnwrap
    let manifest = RotatorManifest(
        name: RotatorName("fake")!,
        summary: "for tests",
        strategy: .singleUser,
        steps: [.createSecret, .setSecret, .testSecret],
        requiresAdmin: false,
        timeout: .seconds(10),
        origin: "built-in"
    )
    let state = NIOLockedValueBox(State())

    private struct Account {
        let name: String
        let password: String

        init(_ value: SecretValue?) throws(RotationFailure) {
            guard let text = value?.string, let json = try? JSONValue(parsing: text), let user = json["username"]?.stringValue,
                let host = json["host"]?.stringValue, let password = json["password"]?.stringValue
            else { throw RotationFailure(.configInvalid, "the secret's JSON has no username, host or password") }
            (self.name, self.password) = ("\(user)@\(host)", password)
        }
    }

    func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue {
        guard let text = context.current?.string, let json = try? JSONValue(parsing: text) else {
            throw RotationFailure(.configInvalid, "no JSON")
        }
        return SecretValue(string: json.setting("password", to: .string("made for \(context.run)")).text)
    }

    func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let pending = try Account(context.pending)
        self.state.withLockedValue { state in
            state.changes += 1
            state.passwords[pending.name] = [pending.password]
        }
        return StepReport()
    }

    func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let report = self.login(try Account(context.pending))
        if let failure = report.failure { throw failure }
        return StepReport(account: report.account)
    }

    func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }
    func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }

    func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport {
        let value =
            switch candidate {
            case .pending: context.pending
            case .current: context.current
            case .previous: context.previous
            }
        do throws(RotationFailure) {
            return self.login(try Account(value))
        } catch {
            return ProbeReport(outcome: .other, isProof: false, failure: error)
        }
    }

    private func login(_ account: Account) -> ProbeReport {
        let (accepts, anything) = self.state.withLockedValue {
            ($0.passwords[account.name]?.contains(account.password) == true, $0.acceptsAnything)
        }
        if anything { return ProbeReport(outcome: .accepted, isProof: false, account: account.name) }
        guard accepts else { return ProbeReport(outcome: .refused, failure: RotationFailure(.authFailed, "wrong password")) }
        return ProbeReport(outcome: .accepted, account: account.name)
    }

    func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        let account = try Account(current)
        return TargetIdentity(target: "fake://db", account: account.name)
    }

    func preflight(_ context: StepContext) async -> [PreflightFinding] { [PreflightFinding(.passed, check: "login", "logs in")] }
}
