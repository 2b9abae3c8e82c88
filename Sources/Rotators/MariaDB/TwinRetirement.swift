import MariaDBClient
import RotationModel

/// Ends the turn of the previous user after the grace period, with the option `expire_previous`: otherwise it keeps a live password for a
/// whole period (W27).
struct TwinRetirement: Sendable {
    let step: MariaDBStep

    /// Locks the accounts of the user that had its turn before, after the server has accepted the current value; one with a password that is
    /// none of the secret's is somebody else's (W17), and nobody would unlock it. Password and privileges stay: they tell at its next turn
    /// whose account it is, and the original is the template of its twin, locked or not.
    func retire() async throws(RotationFailure) -> StepReport {
        let options = self.step.options
        guard options.expiresPrevious else {
            return StepReport(message: "the previous account keeps its password until its next turn")
        }
        let current = try self.step.requireCurrent()
        let user = try TwinNames(user: current.username, options: options).other(than: current.username)
        let passwords = self.step.candidates.filter { $0.username == user }.map(\.password)
        _ = try await self.step.account(of: current)
        return try await self.step.asAdmin { connection in
            guard ServerDialect(connection.serverVersion) == .mariaDB else { throw MySQLDialect.noTwins }
            let rows = try connection.accountRows(of: user).filter { row in !row.isLocked && passwords.contains { row.rules.accept($0) } }
            let names = rows.map(\.name)
            for name in names { try ProtectedAccount.check(user: user, rights: connection.rights(of: name), options: options) }
            guard !names.isEmpty else { return StepReport(message: "\(user) was locked already, or has none of the secret's passwords") }
            try connection.query("ALTER USER \(names.map(\.sql).joined(separator: ", ")) ACCOUNT LOCK")
            return StepReport(message: "locked \(names.phrase) until its next turn")
        }
    }
}
