import PostgresClient
import RotationModel

extension PostgresRotator {
    /// What the transaction of the admin found.
    private enum TwinOutcome: Sendable {
        case set(changes: Int, leftovers: Int)
        case missing(String)
        case protected(String)
        case ownerRoleMissing
        case foreign
    }

    /// Makes the account whose turn it is complete, and sets its password, in one transaction: whoever logs in with pending afterwards has
    /// the rights of the original (W2).
    func setTwin(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let options = try PostgresOptions(context.settings)
        let values = try self.values(context, options)
        let pair = try AlternatingPair(containing: values.current.username, settings: context.settings, limit: Self.nameLimit)
        guard let admin = values.admin else { throw DatabaseValues.adminMissing(values.current) }
        var login = self.login(admin, options)
        // Leftovers are looked for in the database that the application uses.
        login.database = values.current.database ?? login.database
        let outcome: TwinOutcome
        do throws(PostgresError) {
            outcome = try await self.connected(login, deadline: context.deadline) { connection throws(PostgresError) in
                try connection.transaction { () throws(PostgresError) in
                    try Self.complete(pair, pending: values.pending, options, on: connection)
                }
            }
        } catch {
            throw Self.twinFailure(error, pair, account: values.pending.username)
        }
        return try Self.report(outcome, pair, account: values.pending.username)
    }

    private static func complete(
        _ pair: AlternatingPair,
        pending: DatabaseSecret,
        _ options: PostgresOptions,
        on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> TwinOutcome {
        let (original, clone) = try RoleState.read((pair.original, pair.clone), on: connection)
        // The clone is never the template, so an original that was dropped has to be made again by a person (W8).
        guard let original else { return .missing(pair.original) }
        for role in [original, clone] {
            if let role, role.isProtected, !options.allowsProtected { return .protected(role.name) }
        }
        var changes: [RoleChange] = []
        if pair.isPrepared {
            if clone == nil { return .missing(pair.clone) }
        } else if pending.username == pair.clone {
            if let owner = options.ownerRole, !original.memberships.contains(where: { $0.role == owner }) { return .ownerRoleMissing }
            let parity = self.parity(with: original, options, on: connection)
            if let clone, try !self.isOurs(clone, parity, options, on: connection) { return .foreign }
            changes = parity.changes(to: clone)
            for change in changes { try connection.run(try change.statement(for: pair.clone, on: connection)) }
        }
        try connection.setPassword(of: pending.username, to: pending.password, and: "LOGIN")
        let leftovers = pair.isPrepared ? 0 : try self.leftovers(of: pair.clone, on: connection)
        return .set(changes: changes.count, leftovers: leftovers)
    }

    /// Whether the role was made as a clone, by us or by AWS's function, or can lose nothing by becoming one: taking its password and its
    /// memberships from somebody's account of that name would be an outage.
    static func isOurs(
        _ clone: RoleState,
        _ parity: RoleParity,
        _ options: PostgresOptions,
        on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> Bool {
        if options.adoptsClone || parity.isRecognised(clone) { return true }
        guard clone.memberships.isEmpty else { return false }
        return try self.leftovers(of: clone.name, on: connection) == 0
    }

    static func parity(
        with original: RoleState,
        _ options: PostgresOptions,
        on connection: borrowing PostgresConnection
    ) -> RoleParity {
        RoleParity(original: original, ownerRole: options.ownerRole, hasMembershipOptions: connection.serverVersion >= 160_000)
    }

    /// Objects that the clone owns, and rights that were granted to it by name: both split what should be one (W9).
    static func leftovers(of clone: String, on connection: borrowing PostgresConnection) throws(PostgresError) -> Int {
        let rows = try connection.run(
            """
            SELECT count(*) AS n FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid
            WHERE s.refclassid = 'pg_authid'::regclass AND s.deptype IN ('o', 'a') AND r.rolname = $1
            """,
            [clone]
        )
        return rows.first?["n"].flatMap { Int($0) } ?? 0
    }

    private static func report(_ outcome: TwinOutcome, _ pair: AlternatingPair, account: String) throws(RotationFailure) -> StepReport {
        switch outcome {
        case .missing(let role):
            throw RotationFailure(
                .configInvalid,
                "the role \(role) does not exist",
                hint: pair.isPrepared ? "A prepared pair needs both roles." : "The original is the template of its clone: create it again."
            )
        case .protected(let role):
            throw Self.protected(role)
        case .ownerRoleMissing:
            throw RotationFailure(
                .configInvalid,
                "\(pair.original) is not a member of the owner role that the option `owner_role` names",
                hint: "GRANT the owner role TO the original, and ALTER ROLE the original SET role = the owner role."
            )
        case .foreign:
            throw RotationFailure(
                .configInvalid,
                "there is a role \(pair.clone) that was not made as a clone of \(pair.original)",
                hint: "If it may lose its password and its memberships, set the option `adopt_clone: true`; else name a pair in `users`."
            )
        case .set(let changes, let leftovers):
            let warning =
                "\(pair.clone) owns objects or has rights of its own (\(leftovers)), which \(pair.original) does not share: "
                + "REASSIGN OWNED and DROP OWNED mend that."
            return StepReport(
                account: account,
                message: changes == 0 ? "password set" : "password set, \(changes) differences from \(pair.original) mended",
                warnings: leftovers == 0 ? [] : [warning]
            )
        }
    }

    /// W23: what a CREATEROLE admin lacks since PostgreSQL 16.
    private static func twinFailure(_ error: PostgresError, _ pair: AlternatingPair, account: String) -> RotationFailure {
        let failure = RotationFailure(error, "preparing \(account) with the admin secret", isAdmin: true)
        guard failure.code == .permissionDenied else { return failure }
        return RotationFailure(
            .permissionDenied,
            failure.message,
            hint: "The admin needs CREATEROLE, since PostgreSQL 16 also ADMIN OPTION on \(pair.original) and \(pair.clone), and "
                + "GRANT SET ON PARAMETER for role settings that only superusers may make."
        )
    }
}
