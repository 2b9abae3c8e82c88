import MariaDBClient
import RotationModel
import SecretModel

/// single-user without an admin secret: the account sets its own password. A hard cut-over (`lessons.md` §5).
struct OwnPasswordChange: Sendable {
    let step: MariaDBStep

    /// Logs in with pending, current or previous, in this order, and sets pending.
    func set() async throws(RotationFailure) -> StepReport {
        let pending = try self.step.requirePending()
        for candidate in self.step.candidates where candidate.username == pending.username && candidate.host == pending.host {
            do throws(RotationFailure) {
                let account = try await self.step.account(of: candidate)
                guard account.user == candidate.username else {
                    throw RotationFailure(
                        .configInvalid,
                        "the server takes \(candidate.username) for \(account)",
                        hint: "remove the account without a name that stands before it"
                    )
                }
                if candidate.source == .pending, try await self.step.refusesWrongPassword(pending) {
                    return StepReport(account: account.description, message: "the pending password was already set")
                }
            } catch  where error.probeOutcome == .refused {
                continue
            }
            return try await self.set(pending, as: candidate)
        }
        throw RotationFailure(
            .authFailed,
            "the server refuses the pending, the current and the previous password of \(pending.username)",
            hint: "name an admin secret in the rules, or set the account's password to the secret's current one"
        )
    }

    private func set(_ pending: DatabaseSecret, as candidate: DatabaseSecret) async throws(RotationFailure) -> StepReport {
        let options = self.step.options
        let account = try await self.step.asAccount(candidate) { connection in
            let account = try connection.currentAccount()
            if ServerDialect(connection.serverVersion) == .mySQL {
                try connection.query(try MySQLDialect.settingOwnPassword(pending.password, on: connection))
                return account
            }
            try ProtectedAccount.check(user: account.user, rights: connection.ownRights(), options: options)
            try PasswordValidation.check(pending.password, on: connection)
            let rules = try connection.ownRules()
            guard rules.count == 1, let rule = rules.first, rule.isPassword else { throw Self.unsettable(account, rules) }
            let new = try AuthenticationRule.accepting(pending.password, through: rule.plugin)
            try connection.query("SET PASSWORD = \(connection.literal(new.string))")
            return account
        }
        let warnings = candidate.source == .previous ? ["the current password was refused and the previous one worked: drift"] : []
        return StepReport(
            account: account.description,
            message: "set the password of \(account) by itself",
            warnings: warnings,
            hasDrift: !warnings.isEmpty
        )
    }

    /// SET PASSWORD changes the first password only, and fails (1699) or does nothing for other plug-ins (W21).
    private static func unsettable(_ account: AccountName, _ rules: [AuthenticationRule]) -> RotationFailure {
        RotationFailure(
            .unsupported,
            "\(account) authenticates by \(rules.map(\.plugin).joined(separator: " or ")): it cannot set its password by itself without "
                + "leaving or losing one of these",
            hint: "name an admin secret in the rules: it replaces the passwords and leaves the other plug-ins as they are"
        )
    }
}
