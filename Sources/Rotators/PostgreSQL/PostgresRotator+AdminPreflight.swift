import PostgresClient
import RotationModel

extension PostgresRotator {
    /// What the admin secret can do, and what it sees of the accounts.
    func adminFindings(
        _ admin: DatabaseSecret?,
        _ current: DatabaseSecret,
        _ pair: AlternatingPair?,
        _ options: PostgresOptions,
        _ deadline: ContinuousClock.Instant
    ) async -> [PreflightFinding] {
        guard let admin else {
            guard pair != nil else { return [] }
            let failure = DatabaseValues.adminMissing(current)
            return [PreflightFinding(.failed, check: "admin", failure.message, hint: failure.hint)]
        }
        do throws(PostgresError) {
            let accounts = pair.map { ($0.original, $0.clone) } ?? (current.username, current.username)
            return try await self.connected(self.login(admin, options), deadline: deadline) {
                connection throws(PostgresError) in
                let (original, clone) = try RoleState.read(accounts, on: connection)
                var findings = [try Self.privilegeFinding(over: [original, clone].compactMap { $0?.name }, on: connection)]
                for role in Set([original, clone].compactMap { $0 }) where role.isProtected && !options.allowsProtected {
                    let failure = Self.protected(role.name)
                    findings.append(PreflightFinding(.failed, check: "protected-account", failure.message, hint: failure.hint))
                }
                if let pair { findings += try Self.twinFindings(pair, original, clone, options, on: connection) }
                return findings
            }
        } catch {
            let failure = RotationFailure(error, "looking around with the admin secret", isAdmin: true)
            return [PreflightFinding(.failed, check: "admin", failure.message, hint: failure.hint)]
        }
    }

    /// W23: since PostgreSQL 16 CREATEROLE alone changes only roles on which one has ADMIN OPTION.
    private static func privilegeFinding(
        over roles: [String],
        on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> PreflightFinding {
        let admin = try connection.run("SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = session_user").first
        if admin?.isTrue("rolsuper") == true { return PreflightFinding(.passed, check: "privileges", "the admin is a superuser") }
        guard admin?.isTrue("rolcreaterole") == true else {
            return PreflightFinding(
                .failed,
                check: "privileges",
                "the admin may not change roles",
                hint: "ALTER ROLE the admin CREATEROLE."
            )
        }
        if connection.serverVersion >= 160_000 {
            for role in roles {
                let row = try connection.run("SELECT pg_has_role($1, 'MEMBER WITH ADMIN OPTION') AS granted", [role]).first
                guard row?.isTrue("granted") == true else {
                    let hint = "GRANT \(try connection.identifier(role)) TO the admin WITH ADMIN OPTION."
                    return PreflightFinding(.failed, check: "privileges", "the admin has no ADMIN OPTION on \(role)", hint: hint)
                }
            }
        }
        return PreflightFinding(.passed, check: "privileges", "the admin may change the accounts")
    }

    private static func twinFindings(
        _ pair: AlternatingPair,
        _ original: RoleState?,
        _ clone: RoleState?,
        _ options: PostgresOptions,
        on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> [PreflightFinding] {
        guard let original else {
            return [PreflightFinding(.failed, check: "account", "the role \(pair.original) does not exist")]
        }
        guard let clone else {
            return pair.isPrepared
                ? [PreflightFinding(.failed, check: "twin", "the role \(pair.clone) of the prepared pair does not exist")]
                : [PreflightFinding(.passed, check: "twin", "\(pair.clone) will be made as a clone of \(pair.original)")]
        }
        if pair.isPrepared { return [PreflightFinding(.passed, check: "twin", "both roles of the prepared pair exist")] }
        let parity = self.parity(with: original, options, on: connection)
        guard try self.isOurs(clone, parity, options, on: connection) else {
            let message = "there is a role \(pair.clone) that was not made as a clone of \(pair.original)"
            return [
                PreflightFinding(.failed, check: "twin", message, hint: "`adopt_clone: true` makes it one; `users` names another pair.")
            ]
        }
        let changes = parity.changes(to: clone)
        var findings = [
            changes.isEmpty
                ? PreflightFinding(.passed, check: "twin", "\(pair.clone) is equal to \(pair.original)")
                : PreflightFinding(
                    .warning,
                    check: "twin",
                    "\(pair.clone) will be made equal to \(pair.original): \(changes.map(\.summary).joined(separator: "; "))"
                )
        ]
        let leftovers = try self.leftovers(of: pair.clone, on: connection)
        if leftovers > 0 {
            findings.append(
                PreflightFinding(
                    .warning,
                    check: "ownership",
                    "\(pair.clone) owns objects or has rights of its own (\(leftovers))",
                    hint: "REASSIGN OWNED BY the clone TO the original, then DROP OWNED BY the clone, in each database."
                )
            )
        }
        return findings
    }
}
