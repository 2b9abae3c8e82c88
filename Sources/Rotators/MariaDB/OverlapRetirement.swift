import MariaDBClient
import RotationModel
import SecretModel

/// Ends the grace period of the overlapping strategy: only the current password goes on working.
struct OverlapRetirement: Sendable {
    let step: MariaDBStep

    /// Removes nothing before the server has accepted the current password, for a row that is about to change.
    func retire() async throws(RotationFailure) -> StepReport {
        let current = try self.step.requireCurrent()
        let pending = self.step.pending?.password
        let account = try await self.step.account(of: current)
        return try await self.step.asAdmin { connection in
            if ServerDialect(connection.serverVersion) == .mySQL {
                try connection.query("ALTER USER \(account.sql) DISCARD OLD PASSWORD")
                return StepReport(account: account.description, message: "ended the old password of \(account)")
            }
            let rows = try connection.accountRows(of: current.username).filter { $0.rules.accept(current.password) }
            guard rows.contains(where: { $0.name == account }) else {
                throw RotationFailure(
                    .preconditionFailed,
                    "the server accepts the current password for \(account), which does not hold it; nothing was removed",
                    hint: "look for accounts that stand before the one that is meant"
                )
            }
            // A run that has already begun may have put its pending password there.
            let changes: [(name: AccountName, rules: [AuthenticationRule])] = rows.compactMap { row in
                let kept = row.rules.passwords.filter { $0.accepts(current.password) || (pending.map($0.accepts) ?? false) }
                let rules = row.rules.replacingPasswords(with: kept)
                return rules == row.rules ? nil : (row.name, rules)
            }
            try connection.alter(changes)
            return StepReport(
                account: account.description,
                message: changes.isEmpty ? "no old password was left" : "ended the old password of \(changes.map(\.name).phrase)"
            )
        }
    }
}
