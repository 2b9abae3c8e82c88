import MariaDBClient
import RotationModel

extension AccountChoice {
    /// Makes sure that a login with the secret reaches one of the chosen rows. The server matches the most specific host first, so that an
    /// anonymous account, or another row of the user, can stand before the one that is meant: it then refuses the right password.
    ///
    /// - Parameter admin: The conversation in which the rows were read.
    /// - Returns: The row that a login reaches; `nil` after drift, when no candidate can log in.
    /// - Throws: `config_invalid` naming what is in the way, or why the server could not be asked.
    func checkReached(by step: MariaDBStep, besides admin: borrowing MariaDBConnection) throws -> AccountName? {
        let known = step.candidates.first { candidate in
            self.chosen.contains { $0.name.user == candidate.username && !$0.isLocked && $0.rules.accept(candidate.password) }
        }
        guard let candidate = known else { return nil }
        do {
            let account = try step.account(of: candidate, besides: admin)
            guard self.names.contains(account) else { throw Self.shadowed(self.chosen, by: account.description) }
            return account
        } catch let failure as RotationFailure where failure.probeOutcome == .refused {
            let others = self.others.map(\.name).phrase
            throw Self.shadowed(self.chosen, by: others.isEmpty ? "an account without a name, or proxy settings" : others)
        }
    }

    static func shadowed(_ rows: [AccountRow], by other: String) -> RotationFailure {
        RotationFailure(
            .configInvalid,
            "a login with the secret does not reach \(rows.map(\.name).phrase): \(other) stands before it",
            hint: "look for anonymous accounts and for more specific hosts of the user: SELECT User, Host FROM mysql.global_priv"
        )
    }
}
