import RotationModel
import Rotators
import SecretModel
import Storage

/// I1 to I4 and I7, at the moment in which a target is touched.
extension SimulationModel {
    /// I7: nobody else is at this account, and who begins holds the lease.
    func begin(_ call: SimulatedCall) async -> Int {
        self.state.value.calls += 1
        let number = self.state.value.calls
        guard !call.context.isDryRun else { return number }
        let account = call.credential.account
        if let other = call.target.state.calls.first(where: { $0.account == account }) {
            self.violated(
                "I7 \(call.process.name) begins \(call.what) on \(account)@\(call.target.name) while \(other.process) is at \(other.what)"
            )
        }
        let id = RunID(secret: call.context.secret, token: call.context.run)
        if let run = await self.read({ try $0.run(id) }) ?? nil {
            let isEnded = run.state == .cancelled || run.state == .succeeded
            self.check(
                run.lease?.owner == call.process.name || isEnded,
                "I7 \(call.process.name) begins \(call.what) for a run whose lease \(run.lease?.owner ?? "nobody") holds"
            )
        }
        call.target.edit { state in
            state.calls.append(SimulatedTarget.Call(number: number, process: call.process.name, account: account, what: call.what))
        }
        return number
    }

    func end(_ number: Int, on target: SimulatedTarget) {
        target.edit { $0.calls.removeAll { $0.number == number } }
    }

    /// The connections of a process die with it.
    func forgetCalls(of process: String, on targets: [SimulatedTarget]) {
        for target in targets { target.edit { $0.calls.removeAll { $0.process == process } } }
    }

    func noteProbe(of run: VersionID, at time: Duration) {
        for arn in self.state.value.truths.keys { self.state.value.truths[arn]?.probed[run] = time }
    }

    func notePolicy(of run: VersionID) {
        for arn in self.state.value.truths.keys { self.state.value.truths[arn]?.refusedByPolicy.insert(run) }
    }

    /// Just before a target takes the pending value.
    func willSet(_ change: SimulatedChange, _ pending: Credential, on target: SimulatedTarget, by context: StepContext) async {
        guard var truth = self.state.value.truths[context.secret] else { return }
        let (run, held) = (context.run, await self.held(context.secret))
        self.check(held[run] == pending, "I2 \(pending.username)@\(pending.host) gets \(pending.password), which the store does not hold")
        let account = target.state.accounts[pending.username]
        var sent = truth.sent[run] ?? []
        if let last = sent.last {
            self.check(
                last == pending.password || truth.refusedByPolicy.contains(run),
                "I3 a run set \(last), then \(pending.password)"
            )
            let isLive = account?.passwords.contains(pending.password) ?? false
            let isKnown = account?.foreignChange.map { $0 < truth.probed[run] ?? .zero } ?? true
            self.count(.repeatedSets)
            self.check(
                !isLive || !isKnown || target.state.acceptsAnything,
                "I4 \(pending.username)@\(pending.host) gets \(pending.password) again, which it accepts already"
            )
        }
        if sent.last != pending.password { sent.append(pending.password) }
        truth.sent[run] = sent
        self.state.value.truths[context.secret] = truth
    }

    /// Just after a target has changed by our doing, or ended an old credential.
    ///
    /// - Parameter currentWorked: Whether AWSCURRENT logged in before.
    func didChange(_ secret: SecretARN, on target: SimulatedTarget, currentWorked: Bool) async {
        guard let truth = self.state.value.truths[secret] else { return }
        let held = await self.held(secret)
        self.check(held.values.contains { target.accepts($0) }, "I1 nothing that the store holds of \(secret.name) logs in")
        guard truth.strategy != .singleUser, currentWorked else { return }
        let current = await self.read { try $0.secret(secret)?.labels.holder(of: .current) } ?? nil
        self.check(
            target.accepts(current.flatMap { held[$0] }),
            "AWSCURRENT of \(secret.name) stopped logging in though its strategy keeps two credentials"
        )
    }
}
