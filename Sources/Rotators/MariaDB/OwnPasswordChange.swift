import MariaDBClient
import RotationModel
import SecretModel

/// single-user without an admin secret: the account sets its own password. A hard cut-over (`lessons.md` §5).
struct OwnPasswordChange: Sendable {
    let step: MariaDBStep

    /// Logs in with what works and sets pending.
    ///
    /// Current is tried first: in the usual case that is the only login. Where it is accepted pending is not live, since the account has one
    /// password. If current is refused, pending may be live already (the answer of an earlier attempt was lost), else previous (somebody
    /// restored a backup). Only *refused* leads to the next one.
    func set() async throws(RotationFailure) -> StepReport {
        let pending = try self.step.requirePending()
        for source in [DatabaseSecret.Source.current, .pending, .previous] {
            guard let candidate = self.step.candidate(source), candidate.username == pending.username, candidate.host == pending.host
            else { continue }
            do throws(RotationFailure) {
                if candidate.source == .pending, let report = try await self.adopt(pending) { return report }
                return try await self.set(pending, as: candidate)
            } catch  where error.probeOutcome == .refused {
                continue
            }
        }
        throw RotationFailure(
            .authFailed,
            "the server refuses the pending, the current and the previous password of \(pending.username)",
            hint: "name an admin secret in the rules, or set the account's password to the secret's current one"
        )
    }

    /// - Returns: `nil` where pending logs in and that proves nothing.
    private func adopt(_ pending: DatabaseSecret) async throws(RotationFailure) -> StepReport? {
        let account = try await self.step.asAccount(pending) { try $0.ownAccount() }
        try Self.check(account.name, isOf: pending)
        guard try await self.step.isProof(account, of: pending) else { return nil }
        return StepReport(account: account.name.description, message: "the pending password was already set")
    }

    private static func check(_ account: AccountName, isOf candidate: DatabaseSecret) throws(RotationFailure) {
        guard account.user == candidate.username else {
            throw RotationFailure(
                .configInvalid,
                "the server takes \(candidate.username) for \(account)",
                hint: "remove the account without a name that stands before it"
            )
        }
    }

    private func set(_ pending: DatabaseSecret, as candidate: DatabaseSecret) async throws(RotationFailure) -> StepReport {
        let options = self.step.options
        let account = try await self.step.asAccount(candidate) { connection in
            if ServerDialect(connection.serverVersion) == .mySQL {
                let account = try connection.currentAccount()
                try Self.check(account, isOf: candidate)
                try connection.query(try MySQLDialect.settingOwnPassword(pending.password, on: connection))
                return account
            }
            let answers = try connection.queries(MariaDBConnection.ownGrantsQuestion, PasswordValidation.strictnessQuestion)
            let (own, rights) = try connection.ownGrants(from: answers.first ?? [])
            let (account, rules) = (own.name, try own.knownRules())
            try Self.check(account, isOf: candidate)
            try ProtectedAccount.check(user: account.user, rights: rights, options: options)
            guard rules.count == 1, let rule = rules.first, rule.isPassword else { throw Self.unsettable(account, rules) }
            let new = try AuthenticationRule.accepting(pending.password, through: rule.plugin)
            let isStrict = PasswordValidation.isStrict(answers.last ?? [])
            try PasswordValidation.change(to: pending.password, isStrict: isStrict, on: connection) {
                try connection.query("SET PASSWORD = \(connection.literal(new.string))")
            }
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
