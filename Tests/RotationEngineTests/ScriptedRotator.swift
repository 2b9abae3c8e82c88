import NIOConcurrencyHelpers
import RotationModel
import Rotators
import SecretModel

/// A rotator for `FakeTarget`s, which it finds by the `host` of the secret's JSON. Values are `{"host","username","password"}`.
struct ScriptedRotator: Rotator {
    let manifest: RotatorManifest
    let targets: NIOLockedValueBox<[String: FakeTarget]>
    /// Counts the values that were ever made.
    let made = NIOLockedValueBox(0)
    /// What finishSecret and retire do.
    let afterwards = NIOLockedValueBox<[RotationStep: RotationFailure]>([:])
    let calls = NIOLockedValueBox<[String]>([])
    /// Runs inside each step, before it does anything.
    let onStep = NIOLockedValueBox<(@Sendable (RotationStep, StepContext) async -> Void)?>(nil)

    init(
        name: RotatorName,
        strategy: RotationStrategy = .singleUser,
        steps: Set<RotationStep> = [.createSecret, .setSecret, .testSecret],
        timeout: Duration = .seconds(30)
    ) {
        self.manifest = RotatorManifest(
            name: name,
            summary: "for tests",
            strategy: strategy,
            steps: steps,
            requiresAdmin: false,
            timeout: timeout,
            origin: "built-in"
        )
        self.targets = NIOLockedValueBox([:])
    }

    static func value(host: String, username: String = "app", password: String) -> SecretValue {
        SecretValue(string: "{\"host\":\"\(host)\",\"username\":\"\(username)\",\"password\":\"\(password)\"}")
    }

    static func member(_ name: String, of value: SecretValue?) -> String? {
        guard let text = value?.string, let json = try? JSONValue(parsing: text) else { return nil }
        return json[name]?.stringValue
    }

    private func target(_ context: StepContext) throws(RotationFailure) -> FakeTarget {
        guard let host = Self.member("host", of: context.pending ?? context.current),
            let target = self.targets.withLockedValue({ $0[host] })
        else { throw RotationFailure(.configInvalid, "no such host") }
        return target
    }

    private func begin(_ step: RotationStep, _ context: StepContext) async {
        self.calls.withLockedValue { $0.append(step.rawValue) }
        await self.onStep.withLockedValue { $0 }?(step, context)
    }

    func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue {
        await self.begin(.createSecret, context)
        let number = self.made.withLockedValue { count in
            count += 1
            return count
        }
        guard let host = Self.member("host", of: context.current) else { throw RotationFailure(.configInvalid, "no host") }
        return Self.value(host: host, password: "made-\(number)")
    }

    func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        await self.begin(.setSecret, context)
        let target = try self.target(context)
        guard let pending = Self.member("password", of: context.pending) else { throw RotationFailure(.configInvalid, "no pending value") }
        let doors = [context.current, context.previous, context.pending].compactMap { Self.member("password", of: $0) }
        let admin = Self.member("password", of: context.admin)
        let fault = target.state.withLockedValue { $0.faults.isEmpty ? nil : $0.faults.removeFirst() }
        if case .hang? = fault { try await Self.hang() }
        let known = [context.current, context.pending].compactMap { Self.member("password", of: $0) }
        let hasDrift = target.state.withLockedValue { !$0.acceptsAnything && $0.passwords.isDisjoint(with: known) }
        let failure = target.state.withLockedValue { state -> RotationFailure? in
            if state.isDown { return RotationFailure(.targetUnreachable, "down") }
            guard state.acceptsAnything || admin == state.adminPassword || !state.passwords.isDisjoint(with: doors) else {
                return RotationFailure(.authFailed, "nothing logs in")
            }
            switch fault {
            case .unreachable: return RotationFailure(.targetUnreachable, "no route")
            case .lostBefore: return RotationFailure(.timeout, "answer lost", applied: .unknown)
            case .policy: return RotationFailure(.policyRejected, "too weak")
            case .denied: return RotationFailure(.permissionDenied, "may not change it")
            case .lostAfter, .hang, nil: break
            }
            if state.weak.contains(pending) { return RotationFailure(.policyRejected, "too weak") }
            state.passwords = self.manifest.strategy == .overlapping ? state.passwords.union([pending]) : [pending]
            state.changes += 1
            state.log.append("set \(pending)")
            return fault == nil ? nil : RotationFailure(.timeout, "answer lost", applied: .unknown)
        }
        if let failure { throw failure }
        return StepReport(message: "set", hasDrift: hasDrift)
    }

    func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        await self.begin(.testSecret, context)
        let report = try self.login(Self.member("password", of: context.pending), self.target(context))
        if report.outcome == .accepted { return StepReport(account: "app@%") }
        throw report.failure ?? RotationFailure(.internalError, "no login")
    }

    func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        await self.begin(.finishSecret, context)
        if let failure = self.afterwards.withLockedValue({ $0[.finishSecret] }) { throw failure }
        return StepReport()
    }

    func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        await self.begin(.retire, context)
        if let failure = self.afterwards.withLockedValue({ $0[.retire] }) { throw failure }
        let target = try self.target(context)
        guard let old = Self.member("password", of: context.previous) else { throw RotationFailure(.configInvalid, "no old value") }
        target.edit { $0.passwords.remove(old) }
        return StepReport()
    }

    func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport {
        self.calls.withLockedValue { $0.append("probe \(candidate.rawValue)") }
        let value =
            switch candidate {
            case .pending: context.pending
            case .current: context.current
            case .previous: context.previous
            }
        do throws(RotationFailure) {
            return self.login(Self.member("password", of: value), try self.target(context))
        } catch {
            return ProbeReport(outcome: error.probeOutcome, failure: error)
        }
    }

    private func login(_ password: String?, _ target: FakeTarget) -> ProbeReport {
        target.state.withLockedValue { state in
            if state.isDown { return ProbeReport(outcome: .unreachable, failure: RotationFailure(.targetUnreachable, "down")) }
            if state.isLocked { return ProbeReport(outcome: .locked, failure: RotationFailure(.accountLocked, "locked")) }
            if state.acceptsAnything { return ProbeReport(outcome: .accepted, isProof: false) }
            guard let password, state.passwords.contains(password) else {
                return ProbeReport(outcome: .refused, failure: RotationFailure(.authFailed, "refused"))
            }
            return ProbeReport(outcome: .accepted, account: "app@%")
        }
    }

    func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        guard let host = Self.member("host", of: current), let account = Self.member("username", of: current) else {
            throw RotationFailure(.configInvalid, "the secret's JSON has no host or username")
        }
        return TargetIdentity(target: "fake://\(host)", account: account)
    }

    func preflight(_ context: StepContext) async -> [PreflightFinding] {
        [PreflightFinding(.passed, check: "login", "logs in")]
    }

    private static func hang() async throws(RotationFailure) {
        do {
            try await Task.sleep(for: .seconds(3_600))
        } catch {
            throw RotationFailure(.internalError, "cut off")
        }
    }
}

struct ScriptedRegistry: RotatorRegistry {
    let rotators: [any Rotator]

    func rotator(named name: RotatorName) async -> (any Rotator)? { self.rotators.first { $0.manifest.name == name } }
    func manifests() async -> [RotatorManifest] { self.rotators.map(\.manifest) }
}
