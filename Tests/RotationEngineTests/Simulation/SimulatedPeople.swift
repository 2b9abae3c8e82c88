import Auditing
import RotationEngine
import RotationModel
import SecretModel
import Secrets
import Storage

/// People who use the daemon's requests, sensibly and not.
struct SimulatedPeople: Sendable {
    enum Act: CaseIterable, Sendable {
        case rotateNow, testRules, repeatToken, cancel, retry, editRules, badRules, freeze, putOther, putSame, putPending, rollBack
        case dropPending, delete, restore, probe
    }

    let world: SimulatedWorld

    private var random: SimulationRandom { self.world.random }

    func keepActing() async {
        while !self.world.isOver {
            do {
                try await self.world.clock.sleep(self.random.seconds(60...self.world.plan.hoursPerAct * 7_200))
            } catch { return }
            guard self.world.troubles else { continue }
            await self.act(self.random.pick(Act.allCases))
        }
    }

    /// Does something to a secret with which people may meddle.
    func act(_ act: Act) async {
        let open = self.world.model.inOrder.filter { !$0.isHealthy }
        guard !open.isEmpty, let process = self.world.running.randomElement(by: self.random) else { return }
        await self.act(act, on: self.random.pick(open), process)
    }

    func act(_ act: Act, on truth: SecretTruth, _ process: SimulatedProcess) async {
        let commits = process.requestCommits
        do {
            try await self.perform(act, truth, process)
        } catch is SimulatedProcess.Died {
            self.world.note("\(process.name) \(act) \(truth.arn.name): the connection was lost")
        } catch {
            self.refused(act, truth, process, commits, error)
        }
    }

    /// I12: who is refused has changed nothing.
    private func refused(_ act: Act, _ truth: SecretTruth, _ process: SimulatedProcess, _ commits: Int, _ error: any Error) {
        self.world.note("\(process.name) \(act) \(truth.arn.name) refused: \(error)")
        switch error {
        case RotationRequestError.store, SecretServiceError.store, SecretServiceError.unexpected: return
        // An answer that was lost is no refusal.
        case StoreError.failed, StoreError.outOfSpace: return
        default: break
        }
        self.world.count(.refusals)
        self.world.model.check(
            process.requestCommits == commits,
            "I12 \(act) on \(truth.arn.name) was refused, and something was committed"
        )
    }

    /// New rules, from somebody who does not give up.
    func reschedule(_ truth: SecretTruth, _ process: SimulatedProcess, _ rules: RotationRules) async {
        do {
            try await self.configure(truth, process, rules)
            self.world.count(.edits)
        } catch {
            self.world.note("new rules for \(truth.arn.name) refused: \(error)")
        }
    }

    private func perform(_ act: Act, _ truth: SecretTruth, _ process: SimulatedProcess) async throws {
        let (arn, reference, requests) = (truth.arn, SecretReference.arn(truth.arn), process.requests)
        let origin = self.origin(process)
        self.world.note("\(process.name) \(act) \(arn.name)")
        switch act {
        case .rotateNow, .testRules:
            try await self.rotate(truth, process, isImmediate: act == .rotateNow)
        case .repeatToken:
            guard let token = truth.asked.sorted(by: { $0.description < $1.description }).randomElement(by: self.random) else { return }
            let request = RotationRequests.Rotate(token: token)
            _ = try await requests.rotate(reference, in: EngineHouse.scope, request, mayUse: EngineHouse.anyAdmin, by: EngineHouse.caller)
            self.world.count(.repeatedTokens)
        case .cancel:
            _ = try await requests.cancel(reference, in: EngineHouse.scope, by: EngineHouse.caller)
            self.world.count(.cancels)
            // Impatient people want another one at once.
            if self.random.chance(0.5) { try await self.rotate(truth, process, isImmediate: true) }
        case .retry:
            _ = try await requests.retry(reference, in: EngineHouse.scope, by: EngineHouse.caller)
            self.world.count(.retries)
        case .editRules:
            try await self.configure(truth, process, SimulationPlan.rules(self.random, days: self.world.plan.days))
            self.world.count(.edits)
        case .badRules:
            try await self.configure(truth, process, RotationRules(frequency: .days(7), windowHours: 30))
            self.world.model.violated("I12 bad rules were accepted")
        case .freeze:
            var rules = truth.rotation?.rules ?? RotationRules(frequency: .days(3))
            let from = process.now + self.random.seconds(0...400_000)
            rules.freezes = [RotationRules.Freeze(from: from, until: from + self.random.seconds(3_600...900_000), reason: "launch")]
            try await self.configure(truth, process, rules)
            self.world.count(.freezes)
        case .delete:
            _ = try await process.secrets.delete(reference, .afterDays(30), origin)
            self.world.count(.deletions)
        case .restore:
            _ = try await process.secrets.restore(reference, origin)
            self.world.count(.restorations)
        case .probe: _ = try await requests.probe(reference, in: EngineHouse.scope)
        case .putOther, .putSame, .putPending, .rollBack, .dropPending:
            try await self.changeVersions(act, truth, process, origin)
        }
    }

    private func changeVersions(_ act: Act, _ truth: SecretTruth, _ process: SimulatedProcess, _ origin: RequestOrigin) async throws {
        let reference = SecretReference.arn(truth.arn)
        let held = await self.world.model.held(truth.arn)
        guard let secret = await self.world.model.read({ try $0.secret(truth.arn) }) ?? nil,
            let current = secret.labels.holder(of: .current), let value = held[current]
        else { return }
        switch act {
        case .putOther:
            // A password that the person has set on the target first; or was mistaken about.
            let credential = Credential(host: value.host, username: value.username, password: self.world.newPassword())
            if self.random.chance(0.6) { self.world.drift(truth, to: credential.password, user: credential.username) }
            _ = try await process.secrets.put(credential.value, token: self.world.newToken(), to: reference, origin)
            self.world.count(.puts)
        case .putSame:
            _ = try await process.secrets.put(value.value, token: self.world.newToken(), to: reference, origin)
            self.world.count(.puts)
        case .putPending:
            _ = try await process.secrets.put(value.value, token: self.world.newToken(), labels: [.pending], to: reference, origin)
            self.world.count(.puts)
        case .rollBack:
            guard let previous = secret.labels.holder(of: .previous) else { return }
            _ = try await process.secrets.move(.current, from: current, to: previous, of: reference, origin)
            self.world.count(.labelMoves)
        default:
            guard let pending = secret.labels.holder(of: .pending) else { return }
            _ = try await process.secrets.move(.pending, from: pending, to: nil, of: reference, origin)
            self.world.count(.labelMoves)
        }
    }

    func rotate(_ truth: SecretTruth, _ process: SimulatedProcess, isImmediate: Bool) async throws {
        let token = self.world.newToken()
        self.world.model.ask(token, of: truth.arn)
        var request = EngineHouse.request(token, isImmediate: isImmediate)
        request.rules = nil
        request.lambdaARN = self.lambdaARN(of: truth)
        _ = try await process.requests.rotate(
            .arn(truth.arn),
            in: EngineHouse.scope,
            request,
            mayUse: EngineHouse.anyAdmin,
            by: EngineHouse.caller
        )
        self.world.count(.immediateRotations, if: isImmediate)
    }

    /// What applying a rules file does with one secret.
    func configure(_ truth: SecretTruth, _ process: SimulatedProcess, _ rules: RotationRules, admin: SecretARN? = nil) async throws {
        var request = EngineHouse.request(self.world.newToken(), rules: rules)
        request.lambdaARN = self.lambdaARN(of: truth)
        request.admin = admin.map { .arn($0) }
        let (requests, now) = (process.requests, process.now)
        let found = try await requests.rotator(for: request)
        try await process.commit { [request] store in
            _ = try requests.configure(
                .arn(truth.arn),
                in: EngineHouse.scope,
                request,
                found,
                mayUse: EngineHouse.anyAdmin,
                ruleset: "team",
                by: EngineHouse.caller,
                at: now,
                in: store
            )
        }
        requests.poke()
    }

    private func lambdaARN(of truth: SecretTruth) -> String {
        "arn:aws:lambda:eu-west-1:000000000000:function:\(truth.strategy.rawValue)"
    }

    private func origin(_ process: SimulatedProcess) -> RequestOrigin {
        EngineHouse.origin(requestID: self.world.newToken().description, at: process.now)
    }
}

extension Array {
    func randomElement(by random: SimulationRandom) -> Element? { self.isEmpty ? nil : random.pick(self) }
}
