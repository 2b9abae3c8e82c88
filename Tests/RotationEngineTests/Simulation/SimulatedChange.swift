import RotationModel
import Rotators

/// What setSecret was given, as credentials.
struct SimulatedChange: Sendable {
    let strategy: RotationStrategy
    let current: Credential?
    let pending: Credential?
    let previous: Credential?
    let admin: Credential?

    init(_ context: StepContext, strategy: RotationStrategy) {
        self.strategy = strategy
        self.current = Credential(context.current)
        self.pending = Credential(context.pending)
        self.previous = Credential(context.previous)
        self.admin = Credential(context.admin)
    }
}

extension SimulatedWorld {
    /// setSecret, as the target performs it: one moment, in which nothing else happens.
    func set(
        _ change: SimulatedChange,
        on target: SimulatedTarget,
        by context: StepContext
    ) async -> Result<StepReport, RotationFailure> {
        guard let pending = change.pending else { return .failure(RotationFailure(.configInvalid, "there is no pending value")) }
        guard !target.state.lockedAccounts.contains(pending.account) else {
            self.count(.lockedLogins)
            return .failure(RotationFailure(.accountLocked, "the account is locked"))
        }
        var report = StepReport(account: pending.username)
        let doors = change.strategy == .alternatingUsers ? [] : [change.current, change.pending, change.previous]
        if let door = doors.compactMap({ $0 }).first(where: { $0.username == pending.username && target.accepts($0) }) {
            report.hasDrift = door != change.current && door != change.pending
        } else if let admin = change.admin {
            guard !target.state.refusesAdmin, admin.password == SimulatedTarget.adminPassword else {
                self.count(.refusedAdmins)
                return .failure(RotationFailure(.adminAuthFailed, "the server refuses the admin"))
            }
            report.hasDrift = change.strategy != .alternatingUsers
        } else {
            return .failure(RotationFailure(.authFailed, "nothing logs in"))
        }
        if target.state.refusesEveryPassword || target.state.weakPasswords.contains(pending.password) {
            self.count(.policyRejections)
            self.model.notePolicy(of: context.run)
            return .failure(RotationFailure(.policyRejected, "too weak"))
        }
        await self.model.willSet(change, pending, on: target, by: context)
        let currentWorked = target.accepts(change.current)
        target.edit { state in
            var account = state.accounts[pending.username] ?? SimulatedTarget.Account(passwords: [])
            let kept = change.strategy == .overlapping ? account.passwords.filter { $0 == change.current?.password } : []
            account.passwords = kept.filter { $0 != pending.password } + [pending.password]
            account.isOurs = true
            state.accounts[pending.username] = account
        }
        await self.model.didChange(context.secret, on: target, currentWorked: currentWorked)
        return .success(report)
    }

    /// retire, as the target performs it.
    func retire(
        _ old: Credential?,
        _ strategy: RotationStrategy,
        on target: SimulatedTarget,
        by context: StepContext
    ) async -> Result<StepReport, RotationFailure> {
        guard let old else { return .failure(RotationFailure(.configInvalid, "there is no old value")) }
        if target.state.lockedAccounts.contains(old.account) { return .failure(RotationFailure(.accountLocked, "the account is locked")) }
        // As the real ones do: nothing is ended before the server has accepted the current password.
        if let failure = target.login(Credential(context.current)) { return .failure(failure) }
        target.edit { state in
            if strategy == .alternatingUsers {
                state.accounts[old.username]?.passwords = []
            } else {
                state.accounts[old.username]?.passwords.removeAll { $0 == old.password }
            }
        }
        self.count(.retirements)
        await self.model.didChange(context.secret, on: target, currentWorked: true)
        return .success(StepReport())
    }
}
