import PostgresClient

extension RoleState {
    private init(_ row: PostgresRow) {
        self.init(name: row["rolname"] ?? "")
        self.isSuperuser = row.isTrue("rolsuper")
        self.inherits = row.isTrue("rolinherit")
        self.createsRoles = row.isTrue("rolcreaterole")
        self.createsDatabases = row.isTrue("rolcreatedb")
        self.canLogin = row.isTrue("rolcanlogin")
        self.replicates = row.isTrue("rolreplication")
        self.bypassesRowSecurity = row.isTrue("rolbypassrls")
        self.connectionLimit = row["rolconnlimit"].flatMap { Int($0) } ?? -1
        self.validUntil = row["rolvaliduntil"].flatMap { $0 == "infinity" ? nil : $0 }
    }

    /// The states of two roles, as far as they exist.
    static func read(
        _ names: (String, String),
        on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> (RoleState?, RoleState?) {
        let parameters = [names.0, names.1]
        var states: [String: RoleState] = [:]
        for row in try connection.run(Self.rolesStatement, parameters) {
            let state = RoleState(row)
            states[state.name] = state
        }
        let hasOptions = connection.serverVersion >= 160_000
        for row in try connection.run(hasOptions ? Self.membershipsStatement16 : Self.membershipsStatement, parameters) {
            let membership = Membership(
                role: row["role"] ?? "",
                hasAdminOption: row.isTrue("admin_option"),
                inherits: hasOptions ? row.isTrue("inherit_option") : nil,
                allowsSetRole: hasOptions ? row.isTrue("set_option") : nil
            )
            states[row["member"] ?? ""]?.memberships.insert(membership)
        }
        for row in try connection.run(Self.settingsStatement, parameters) {
            guard let text = row["setting"], let equals = text.firstIndex(of: "=") else { continue }
            let setting = Setting(
                database: row["database"],
                name: String(text[..<equals]),
                value: String(text[text.index(after: equals)...])
            )
            states[row["role"] ?? ""]?.settings.insert(setting)
        }
        return (states[names.0], states[names.1])
    }

    private static let rolesStatement = """
        SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,
               rolvaliduntil
        FROM pg_roles WHERE rolname IN ($1, $2)
        """

    private static let membershipsStatement = """
        SELECT m.rolname AS member, r.rolname AS role, a.admin_option
        FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
        WHERE m.rolname IN ($1, $2)
        """

    /// Since PostgreSQL 16 several grantors can have granted the same membership; what any of them allows is allowed.
    private static let membershipsStatement16 = """
        SELECT m.rolname AS member, r.rolname AS role, bool_or(a.admin_option) AS admin_option,
               bool_or(a.inherit_option) AS inherit_option, bool_or(a.set_option) AS set_option
        FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
        WHERE m.rolname IN ($1, $2) GROUP BY m.rolname, r.rolname
        """

    private static let settingsStatement = """
        SELECT r.rolname AS role, d.datname AS database, c.setting
        FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
             CROSS JOIN LATERAL unnest(s.setconfig) AS c(setting)
        WHERE r.rolname IN ($1, $2)
        """
}
