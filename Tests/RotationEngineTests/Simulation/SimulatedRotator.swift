import RotationModel
import Rotators
import SecretModel

/// A rotator of the simulated world. It does what it is told, without looking first whether that was done already: that is for the engine
/// to know.
struct SimulatedRotator: Rotator {
    let manifest: RotatorManifest
    let process: SimulatedProcess

    private var world: SimulatedWorld { self.process.world }

    init(_ strategy: RotationStrategy, process: SimulatedProcess) {
        self.manifest = RotatorManifest(
            name: Self.name(of: strategy),
            summary: "simulated",
            strategy: strategy,
            steps: strategy == .singleUser ? [.createSecret, .setSecret, .testSecret] : [.createSecret, .setSecret, .testSecret, .retire],
            requiresAdmin: strategy == .alternatingUsers,
            timeout: .seconds(30),
            origin: "built-in"
        )
        self.process = process
    }

    static func name(of strategy: RotationStrategy) -> RotatorName {
        // swift-format-ignore: NeverForceUnwrap
        RotatorName(strategy.rawValue)!
    }

    func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue {
        guard let current = Credential(context.current) else { throw RotationFailure(.configInvalid, "the value is no JSON of ours") }
        if context.pending != nil {
            self.world.count(.regenerations)
            self.world.model.check(
                self.world.target(of: current)?.accepts(current) ?? false,
                "I3 the value of \(context.secret.name) is made anew while AWSCURRENT is refused"
            )
        }
        let password = self.world.newPassword()
        if let target = self.world.target(of: current), self.world.troubles, !self.world.isHealthy(target), self.world.random.chance(0.04) {
            target.edit { _ = $0.weakPasswords.insert(password) }
        }
        let username = self.manifest.strategy == .alternatingUsers ? current.twin : current.username
        return Credential(host: current.host, username: username, password: password).value
    }

    func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        // As the built-in rotators do: somebody rolled back meanwhile, and AWSCURRENT is of the account whose turn it was.
        if self.manifest.strategy == .alternatingUsers, let current = Credential(context.current),
            current.username == Credential(context.pending)?.username
        {
            throw RotationFailure(.configInvalid, "the pending value is of AWSCURRENT's own account")
        }
        let change = SimulatedChange(context, strategy: self.manifest.strategy)
        let report = await self.call("setSecret", context) { target in await self.world.set(change, on: target, by: context) }
        return try report.get()
    }

    func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let pending = Credential(context.pending)
        let report: Result<StepReport, RotationFailure> = await self.call("testSecret", context) { target in
            if let failure = target.login(pending) { return .failure(failure) }
            guard !target.state.acceptsAnything else {
                self.world.count(.unprovenLogins)
                return .failure(RotationFailure(.configInvalid, "the server accepts any password: a login proves nothing"))
            }
            return .success(StepReport(account: pending?.username))
        }
        return try report.get()
    }

    func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }

    func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let (old, strategy) = (Credential(context.previous), self.manifest.strategy)
        let report = await self.call("retire", context) { target in await self.world.retire(old, strategy, on: target, by: context) }
        return try report.get()
    }

    func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport {
        let values: [Candidate: SecretValue?] = [.pending: context.pending, .current: context.current, .previous: context.previous]
        let credential = Credential(values[candidate] ?? nil)
        let result: Result<ProbeReport, RotationFailure> = await self.call("probe \(candidate.rawValue)", context) { target in
            if candidate == .pending { self.world.model.noteProbe(of: context.run, at: self.world.clock.elapsed) }
            if let failure = target.login(credential) { return .failure(failure) }
            let isProof = !target.state.acceptsAnything
            self.world.count(isProof ? .adoptions : .unprovenLogins, if: candidate == .pending || !isProof)
            return .success(ProbeReport(outcome: .accepted, isProof: isProof, account: credential?.username))
        }
        switch result {
        case .success(let report): return report
        case .failure(let failure): return ProbeReport(outcome: failure.probeOutcome, failure: failure)
        }
    }

    func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        guard let credential = Credential(current) else { throw RotationFailure(.configInvalid, "the value is no JSON of ours") }
        return TargetIdentity(target: "sim://\(credential.host)", account: credential.account)
    }

    func preflight(_ context: StepContext) async -> [PreflightFinding] { [] }

    private func call<Answer: Sendable>(
        _ what: String,
        _ context: StepContext,
        _ effect: @escaping @Sendable (SimulatedTarget) async -> Result<Answer, RotationFailure>
    ) async -> Result<Answer, RotationFailure> {
        guard let credential = Credential(context.pending ?? context.current), let target = self.world.target(of: credential) else {
            return .failure(RotationFailure(.configInvalid, "there is no such host"))
        }
        let isChange = what == "setSecret" || what == "retire"
        let call = SimulatedCall(
            process: self.process,
            target: target,
            credential: credential,
            context: context,
            what: what,
            isChange: isChange
        )
        return await call.perform { await effect(target) }
    }
}

/// The rotators of one process.
struct SimulatedRegistry: RotatorRegistry {
    let all: [SimulatedRotator]

    init(_ process: SimulatedProcess) {
        self.all = RotationStrategy.allCases.map { SimulatedRotator($0, process: process) }
    }

    func rotator(named name: RotatorName) async -> (any Rotator)? { self.all.first { $0.manifest.name == name } }
    func manifests() async -> [RotatorManifest] { self.all.map(\.manifest) }
}
