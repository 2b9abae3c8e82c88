import MariaDBClient
import RotationModel

extension MariaDBPreflight {
    static func finding(_ failure: RotationFailure, check: String) -> PreflightFinding {
        PreflightFinding(.failed, check: check, failure.message, hint: failure.hint)
    }

    static let unverifiedMySQL = PreflightFinding(
        .unproven,
        check: "engine",
        "the server is MySQL: Keyturn's statements for it were written after the manual and never run against one",
        hint: "rehearse on a test server first"
    )

    /// How the account authenticates, and whether a rotation can replace that.
    static func plugins(_ rules: [AuthenticationRule], of account: AccountName, isAlone: Bool) -> PreflightFinding {
        let names = rules.map(\.plugin).joined(separator: " or ")
        if isAlone ? rules.count == 1 && rules.allSatisfy(\.isPassword) : !rules.passwords.isEmpty {
            return PreflightFinding(.passed, check: "plugins", "\(account) authenticates by \(names)")
        }
        return PreflightFinding(
            .failed,
            check: "plugins",
            "\(account) authenticates by \(names), which a rotation cannot replace",
            hint: isAlone ? "name an admin secret in the rules" : "give the account a password"
        )
    }

    static func protection(user: String, rights: Set<Right>, options: MariaDBOptions) -> PreflightFinding {
        guard let reason = ProtectedAccount.reason(user: user, rights: rights) else {
            return PreflightFinding(.passed, check: "protected-account", "\(user) is an ordinary account")
        }
        return options.allowsProtected
            ? PreflightFinding(.warning, check: "protected-account", "\(reason); `allow_protected` lets it be rotated")
            : PreflightFinding(.failed, check: "protected-account", reason, hint: "set `allow_protected: true` if that is what you want")
    }

    /// CREATE USER for the accounts, SELECT on `mysql` to read them.
    static func adminPrivileges(_ coverage: AdminCoverage) -> [PreflightFinding] {
        let needed = [
            ("CREATE USER", GrantObject.everything),
            ("SELECT", GrantObject(kind: "TABLE", database: "mysql", name: nil)),
        ]
        return needed.map { privilege, object in
            coverage.has(privilege, on: object)
                ? PreflightFinding(.passed, check: "privileges", "the admin has \(privilege) ON \(object)")
                : PreflightFinding(
                    .failed,
                    check: "privileges",
                    "the admin lacks \(privilege) ON \(object)",
                    hint: "GRANT \(privilege) ON \(object) TO the admin"
                )
        }
    }

    static func coverage(_ coverage: AdminCoverage, of rights: Set<Right>, _ account: AccountName) -> PreflightFinding {
        let missing = coverage.missing(for: rights)
        guard let first = missing.first else {
            return PreflightFinding(.passed, check: "privileges", "the admin can grant all that \(account) has")
        }
        return PreflightFinding(
            .failed,
            check: "privileges",
            "the admin cannot grant \(missing.count) of the rights of \(account), among them \(first)",
            hint: "grant them to the admin WITH GRANT OPTION (roles: WITH ADMIN OPTION)"
        )
    }

    static func accounts(_ choice: AccountChoice) -> PreflightFinding {
        if let warning = choice.warnings.first, choice.isDrift || !choice.others.isEmpty {
            let message = choice.isDrift ? "the current value is the password of none of the user's accounts" : warning
            return PreflightFinding(.warning, check: "accounts", message)
        }
        return PreflightFinding(.passed, check: "accounts", "will change \(choice.names.phrase)")
    }

    static func anonymous(on connection: borrowing MariaDBConnection) throws -> [PreflightFinding] {
        try connection.accountRows(of: "").map { row in
            PreflightFinding(
                .warning,
                check: "anonymous",
                "\(row.name) takes logins from its host before accounts with less specific hosts",
                hint: "DROP USER \(row.name.sql)"
            )
        }
    }

    static func twin(_ names: TwinNames, on connection: borrowing MariaDBConnection) throws -> PreflightFinding {
        let parity = try TwinParity(of: names, on: connection)
        if parity.pairs.allSatisfy({ $0.twin == nil }) {
            return PreflightFinding(.passed, check: "twin", "\(names.twin) does not exist yet and will be created after \(names.original)")
        }
        guard let problem = parity.problems.first else {
            return PreflightFinding(.passed, check: "twin", "\(names.twin) has the rights of \(names.original)")
        }
        return PreflightFinding(.warning, check: "twin", "will be brought into parity: \(problem)")
    }
}

extension MariaDBRotator {
    package func preflight(_ context: StepContext) async -> [PreflightFinding] {
        do {
            return await MariaDBPreflight(step: try MariaDBStep(context, self.client), strategy: self.manifest.strategy).findings()
        } catch {
            return [MariaDBPreflight.finding(error, check: "secret")]
        }
    }
}
