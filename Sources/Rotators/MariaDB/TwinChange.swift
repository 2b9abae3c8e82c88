import MariaDBClient
import RotationModel
import SecretModel

/// alternating-users: makes the other of the two users ready to take over.
///
/// MariaDB commits each account statement by itself, so the order is the protection (W2): the twin is created locked with a password that
/// nobody knows, brought into parity, compared, and only then gets the pending password and is unlocked. A crash anywhere before leaves a
/// user that does not log in.
struct TwinChange: Sendable {
    let step: MariaDBStep

    func names() throws(RotationFailure) -> TwinNames {
        let secret: DatabaseSecret
        if let current = self.step.current { secret = current } else { secret = try self.step.requirePending() }
        return try TwinNames(user: secret.username, options: self.step.options)
    }

    func set() async throws(RotationFailure) -> StepReport {
        let (current, pending, names) = (try self.step.requireCurrent(), try self.step.requirePending(), try self.names())
        guard pending.username == names.other(than: current.username), pending.host == current.host else {
            throw RotationFailure(
                .configInvalid,
                "the pending value is for \(pending.username) on \(pending.host), not for the other of \(names.original) and \(names.twin)",
                hint: "cancel the run and start another"
            )
        }
        var warnings = try await self.checkCurrent(current)
        let hasDrift = !warnings.isEmpty
        if pending.username == names.original {
            let change = AdminPasswordChange(step: self.step, keepsCurrent: false, unlocks: self.step.options.expiresPrevious)
            var report = try await change.set()
            // The account whose turn it is keeps the password of the turn before last: only current's tells of drift.
            report.hasDrift = hasDrift
            report.warnings = warnings + report.warnings
            return report
        }
        let options = self.step.options
        let previous = self.step.previous.flatMap { $0.username == names.twin ? $0.password : nil }
        warnings += try await self.step.asAdmin { connection in
            guard ServerDialect(connection.serverVersion) == .mariaDB else { throw MySQLDialect.noTwins }
            let parity = try TwinParity(of: names, on: connection)
            for pair in parity.pairs {
                try ProtectedAccount.check(user: names.original, rights: pair.originalRights, options: options)
            }
            let preparation = TwinPreparation(pending: pending.password, previous: previous, options: options)
            // Where more than the password changes, the server must not refuse it at the end.
            guard parity.problems.isEmpty else {
                try PasswordValidation.check(pending.password, on: connection)
                return try preparation.prepare(parity, on: connection)
            }
            var warnings: [String] = []
            try PasswordValidation.change(to: pending.password, on: connection) {
                warnings = try preparation.prepare(parity, on: connection)
            }
            return warnings
        }
        let message = "\(names.twin) is ready in the place of \(names.original)"
        return StepReport(message: message, warnings: warnings, hasDrift: hasDrift)
    }

    /// Who holds a password of the secret may have the twin made (AWS's guard against a secret that names somebody else's user). Where all
    /// are refused, the admin secret mends the drift (I4).
    private func checkCurrent(_ current: DatabaseSecret) async throws(RotationFailure) -> [String] {
        do throws(RotationFailure) {
            let account = try await self.step.account(of: current)
            guard account.user == current.username else {
                throw RotationFailure(
                    .configInvalid,
                    "the server takes \(current.username) for \(account)",
                    hint: "remove the account without a name that stands before it"
                )
            }
            return []
        } catch  where error.probeOutcome == .refused {
            return ["the server refuses the current password of \(current.username): drift"]
        }
    }

    /// What keeps pending from being complete; empty when its user may take over.
    func problems() async throws(RotationFailure) -> [String] {
        let (pending, names) = (try self.step.requirePending(), try self.names())
        guard pending.username == names.twin else {
            return try await AdminPasswordChange(step: self.step, keepsCurrent: false).isComplete()
                ? [] : ["not every account of \(pending.username) has the pending password"]
        }
        let isPrepared = self.step.options.hasPreparedTwin
        return try await self.step.asAdmin { connection in
            let parity = try TwinParity(of: names, on: connection)
            let unready = parity.pairs.compactMap { pair -> String? in
                guard let twin = pair.twin else { return nil }
                if twin.isLocked { return "\(twin.name) is locked" }
                return twin.rules.accept(pending.password) ? nil : "\(twin.name) does not have the pending password"
            }
            return (isPrepared ? [] : parity.problems) + unready
        }
    }
}
