import MariaDBClient
import RotationModel
import SecretModel

/// Sets the pending password with the admin secret, on every row of the account that has the current one.
struct AdminPasswordChange: Sendable {
    let step: MariaDBStep
    /// The overlapping strategy: the current password goes on working until `retire`.
    let keepsCurrent: Bool
    /// alternating-users: the account's turn begins, and `expire_previous` may have locked it at the end of its last one.
    var unlocks = false

    func set() async throws(RotationFailure) -> StepReport {
        let pending = try self.step.requirePending()
        let step = self.step
        let outcome = try await step.asAdmin { connection -> Outcome in
            if ServerDialect(connection.serverVersion) == .mySQL {
                return .isMySQL(try MySQLDialect.choice(user: pending.username, on: connection))
            }
            let choice = try AccountChoice(
                user: pending.username,
                rows: try connection.accountRows(of: pending.username),
                candidates: step.candidates
            )
            for row in choice.chosen {
                try ProtectedAccount.check(user: row.name.user, rights: connection.rights(of: row.name), options: step.options)
                guard !row.rules.passwords.isEmpty else { throw Self.passwordless(row) }
            }
            let account = try choice.checkReached(by: step, besides: connection)
            let changed = try self.apply(pending, to: choice.chosen, on: connection)
            return .done(
                StepReport(
                    account: account?.description,
                    message: changed.isEmpty ? "the pending password was already set" : "set the pending password of \(changed.phrase)",
                    warnings: choice.warnings,
                    hasDrift: choice.isDrift
                )
            )
        }
        switch outcome {
        case .done(let report): return report
        case .isMySQL(let choice):
            return try await MySQLDialect.set(pending, choice: choice, keepsCurrent: self.keepsCurrent, step: step)
        }
    }

    private enum Outcome: Sendable {
        case done(StepReport)
        case isMySQL(AccountChoice)
    }

    /// Changes the rows that need it, and looks at the result.
    private func apply(
        _ pending: DatabaseSecret,
        to rows: [AccountRow],
        on connection: borrowing MariaDBConnection
    ) throws -> [AccountName] {
        func unfinished(_ rows: [AccountRow]) throws -> [(name: AccountName, rules: [AuthenticationRule])] {
            try rows.compactMap { row in
                let rules = try self.rules(for: pending, of: row)
                return rules == row.rules && !(self.unlocks && row.isLocked) ? nil : (row.name, rules)
            }
        }
        let (changes, names) = (try unfinished(rows), Set(rows.map(\.name)))
        guard !changes.isEmpty else { return [] }
        try PasswordValidation.change(to: pending.password, on: connection) {
            try connection.alter(changes, suffix: self.unlocks ? " ACCOUNT UNLOCK" : "")
        }
        guard try unfinished(connection.accountRows(of: pending.username).filter { names.contains($0.name) }).isEmpty else {
            throw RotationFailure(
                .conflict,
                "the account changed while its password was set",
                hint: "find out what else manages this account",
                applied: .unknown
            )
        }
        return changes.map(\.name)
    }

    private func rules(for pending: DatabaseSecret, of row: AccountRow) throws(RotationFailure) -> [AuthenticationRule] {
        let new = try AuthenticationRule.accepting(pending.password, through: row.rules.passwordPlugin)
        let current = self.step.current?.password
        let old = self.keepsCurrent ? row.rules.passwordToKeep(besides: pending.password, current: current) : nil
        // The new one first: only clients with the old password then need a second exchange (`lessons.md` §5).
        return row.rules.replacingPasswords(with: [new] + (old.map { [$0] } ?? []))
    }

    /// Whether every row of the account that has one of the secret's older passwords also has pending: after a crash half of them may lack it.
    func isComplete() async throws(RotationFailure) -> Bool {
        let pending = try self.step.requirePending()
        let older = [self.step.current, self.step.previous].compactMap { $0 }.filter { $0.username == pending.username }
        return try await self.step.asAdmin { connection in
            guard ServerDialect(connection.serverVersion) == .mariaDB else { return true }
            return try connection.accountRows(of: pending.username).allSatisfy { row in
                row.rules.accept(pending.password) || !older.contains { row.rules.accept($0.password) }
            }
        }
    }

    private static func passwordless(_ row: AccountRow) -> RotationFailure {
        RotationFailure(
            .unsupported,
            "\(row.name) has no password: it authenticates by \(row.rules.map(\.plugin).joined(separator: " or "))",
            hint: "give it a password beside that, or take it out of the secret's rules"
        )
    }
}

extension [AuthenticationRule] {
    /// The one password that goes on working beside a new one: the current one or, after drift, the first that is there. An older one, left
    /// by a run that was not retired, goes: at most two are live.
    fileprivate func passwordToKeep(besides pending: SecretValue, current: SecretValue?) -> AuthenticationRule? {
        let others = self.passwords.filter { !$0.accepts(pending) }
        return others.first { rule in current.map(rule.accepts) ?? false } ?? others.first
    }
}

extension MariaDBConnection {
    /// Replaces the alternatives of several rows in one statement; nothing else about them changes.
    func alter(_ changes: [(name: AccountName, rules: [AuthenticationRule])], suffix: String = "") throws {
        guard !changes.isEmpty else { return }
        let clauses = try changes.map { try "\($0.name.sql) \($0.rules.clause(on: self))" }
        try self.query("ALTER USER \(clauses.joined(separator: ", "))\(suffix)")
    }
}
