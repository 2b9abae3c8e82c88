import MariaDBClient
import RotationModel
import SecretModel

/// What MySQL 8 needs where it differs from MariaDB.
///
/// Not verified against a MySQL server: written after MySQL's reference manual, sections "ALTER USER" and "Password Management" (dual
/// passwords). MySQL takes no hash together with RETAIN CURRENT PASSWORD, so the password itself travels; MySQL's server rewrites it in its
/// own logs, and TLS or loopback hides it on the way. Its server has no limit for account statements: one that waits for a lock may be carried
/// out after its step's deadline (I7).
enum MySQLDialect {
    static func settingOwnPassword(_ password: SecretValue, on connection: borrowing MariaDBConnection) throws -> String {
        "ALTER USER USER() IDENTIFIED BY \(try connection.literal(password.string ?? ""))"
    }

    /// All rows of the user. MySQL salts its hashes, so it cannot be told from a row whether a password is the secret's.
    static func choice(user: String, on connection: borrowing MariaDBConnection) throws -> AccountChoice {
        let hosts = try connection.query("SELECT Host FROM mysql.user WHERE User = \(connection.literal(user))").compactMap {
            $0.first ?? nil
        }
        guard hosts.count < 2 else {
            throw RotationFailure(
                .unsupported,
                "the user \(user) has several accounts, which on MySQL cannot be told apart by their passwords",
                hint: "use a user with one account"
            )
        }
        let rows = hosts.compactMap { AccountRow(name: AccountName(user: user, host: $0), json: .object([])) }
        return try AccountChoice(user: user, rows: rows, candidates: [])
    }

    /// Idempotent by login: pending accepted means done, since RETAIN would otherwise keep pending itself as the old password.
    static func set(
        _ pending: DatabaseSecret,
        choice: AccountChoice,
        keepsCurrent: Bool,
        step: MariaDBStep
    ) async throws(RotationFailure) -> StepReport {
        do {
            let account = try await step.account(of: pending)
            return StepReport(account: account.description, message: "the pending password was already set")
        } catch  where error.probeOutcome == .refused {
            let names = choice.names
            try await step.asAdmin { connection in
                let password = try connection.literal(pending.password.string ?? "")
                for name in names.sorted() {
                    try connection.query(
                        "ALTER USER \(name.sql) IDENTIFIED BY \(password)" + (keepsCurrent ? " RETAIN CURRENT PASSWORD" : "")
                    )
                }
            }
            return StepReport(message: "set the pending password of \(names.phrase)")
        }
    }

    static let noTwins = RotationFailure(
        .unsupported,
        "alternating users are built for MariaDB's account tables; this server is MySQL",
        hint: "use the rotator mariadb-overlapping: MySQL 8 keeps two passwords on one account"
    )
}
