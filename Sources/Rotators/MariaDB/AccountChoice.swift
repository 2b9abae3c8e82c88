import RotationModel
import SecretModel

/// Which rows of an account a rotation changes: those that hold one of the secret's passwords (W17).
struct AccountChoice: Sendable {
    let chosen: [AccountRow]
    /// Rows of the same user with a password that is none of ours; they stay as they are.
    let others: [AccountRow]
    /// None of the secret's passwords is on the server: somebody changed it there.
    let isDrift: Bool

    /// - Throws: `not_found` without any row; `config_invalid` where it cannot be told which rows are meant.
    init(user: String, rows: [AccountRow], candidates: [DatabaseSecret]) throws(RotationFailure) {
        guard let first = rows.first else {
            throw RotationFailure(
                .notFound,
                "the server has no account of the user \(user)",
                hint: "create the account, or correct `username` in the secret",
                isRetryable: false
            )
        }
        let ours = candidates.filter { $0.username == user }
        let chosen = rows.filter { row in ours.contains { row.rules.accept($0.password) } }
        self.isDrift = chosen.isEmpty
        if !chosen.isEmpty {
            self.chosen = chosen
            self.others = rows.filter { row in !chosen.contains { $0.name == row.name } }
            return
        }
        guard rows.allSatisfy({ $0.rules == first.rules }) else {
            throw RotationFailure(
                .configInvalid,
                "the user has several accounts (\(rows.map(\.name).phrase)) with different passwords, none of which the secret knows",
                hint: "set the password of the accounts that are meant to the secret's current one, then rotate again"
            )
        }
        self.chosen = rows
        self.others = []
    }

    var names: Set<AccountName> { Set(self.chosen.map(\.name)) }

    /// What a person should know about the rows that were not changed.
    var warnings: [String] {
        var warnings: [String] = []
        if self.isDrift { warnings.append("none of the secret's passwords was on the server; it was set with the admin secret") }
        if !self.others.isEmpty {
            warnings.append("not changed, because they have other passwords: \(self.others.map(\.name).phrase)")
        }
        return warnings
    }
}
