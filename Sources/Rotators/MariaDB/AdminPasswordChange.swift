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
        let candidates = self.step.candidates
        let options = self.step.options
        let found = try await self.step.asAdmin { connection -> (choice: AccountChoice, isMySQL: Bool) in
            if ServerDialect(connection.serverVersion) == .mySQL {
                return (try MySQLDialect.choice(user: pending.username, on: connection), true)
            }
            let choice = try AccountChoice(
                user: pending.username,
                rows: try connection.accountRows(of: pending.username),
                candidates: candidates
            )
            for row in choice.chosen {
                try ProtectedAccount.check(user: row.name.user, rights: connection.rights(of: row.name), options: options)
                guard !row.rules.passwords.isEmpty else { throw Self.passwordless(row) }
            }
            try PasswordValidation.check(pending.password, on: connection)
            return (choice, false)
        }
        if found.isMySQL {
            return try await MySQLDialect.set(pending, choice: found.choice, keepsCurrent: self.keepsCurrent, step: self.step)
        }
        let account = try await found.choice.checkReached(by: self.step, candidates: candidates)
        let changed = try await self.apply(to: found.choice.names, pending: pending)
        return StepReport(
            account: account?.description,
            message: changed.isEmpty ? "the pending password was already set" : "set the pending password of \(changed.phrase)",
            warnings: found.choice.warnings,
            hasDrift: found.choice.isDrift
        )
    }

    /// Reads the rows again, in the conversation that changes them, changes those that need it, and looks at the result.
    private func apply(to names: Set<AccountName>, pending: DatabaseSecret) async throws(RotationFailure) -> [AccountName] {
        let current = self.step.current?.password
        let (keepsCurrent, unlocks) = (self.keepsCurrent, self.unlocks)
        return try await self.step.asAdmin { connection in
            func wanted(_ row: AccountRow) throws -> [AuthenticationRule] {
                let new = try AuthenticationRule.accepting(pending.password, through: row.rules.passwordPlugin)
                let old = keepsCurrent ? row.rules.passwordToKeep(besides: pending.password, current: current) : nil
                // The new one first: only clients with the old password then need a second exchange (`lessons.md` §5).
                return row.rules.replacingPasswords(with: [new] + (old.map { [$0] } ?? []))
            }
            func unfinished(
                _ connection: borrowing MariaDBConnection
            ) throws -> [(name: AccountName, rules: [AuthenticationRule])] {
                try connection.accountRows(of: pending.username).filter { names.contains($0.name) }.compactMap { row in
                    let rules = try wanted(row)
                    return rules == row.rules && !(unlocks && row.isLocked) ? nil : (row.name, rules)
                }
            }
            let changes = try unfinished(connection)
            try connection.alter(changes, suffix: unlocks ? " ACCOUNT UNLOCK" : "")
            guard try unfinished(connection).isEmpty else {
                throw RotationFailure(
                    .conflict,
                    "the account changed while its password was set",
                    hint: "find out what else manages this account",
                    applied: .unknown
                )
            }
            return changes.map(\.name)
        }
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
