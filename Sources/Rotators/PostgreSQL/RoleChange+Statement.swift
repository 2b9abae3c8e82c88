import PostgresClient

extension RoleChange {
    func statement(for role: String, on connection: borrowing PostgresConnection) throws(PostgresError) -> String {
        let role = try connection.identifier(role)
        switch self {
        case .create: return "CREATE ROLE \(role) NOLOGIN"
        case .attribute(let attribute): return "ALTER ROLE \(role) \(attribute)"
        case .connectionLimit(let limit): return "ALTER ROLE \(role) CONNECTION LIMIT \(limit)"
        case .validUntil(let time): return "ALTER ROLE \(role) VALID UNTIL \(try connection.literal(time ?? "infinity"))"
        case .grant(let membership): return try Self.grant(membership, to: role, on: connection)
        case .revoke(let group): return "REVOKE \(try connection.identifier(group)) FROM \(role)"
        case .set(let setting):
            let values = try Self.values(of: setting, on: connection)
            return "\(try Self.alter(role, setting, on: connection)) SET \(try connection.identifier(setting.name)) TO \(values)"
        case .reset(let setting):
            return "\(try Self.alter(role, setting, on: connection)) RESET \(try connection.identifier(setting.name))"
        }
    }

    private static func grant(
        _ membership: RoleState.Membership,
        to role: String,
        on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> String {
        let grant = "GRANT \(try connection.identifier(membership.role)) TO \(role)"
        guard let inherits = membership.inherits, let allowsSetRole = membership.allowsSetRole else {
            return grant + (membership.hasAdminOption ? " WITH ADMIN OPTION" : "")
        }
        return "\(grant) WITH ADMIN \(membership.hasAdminOption), INHERIT \(inherits), SET \(allowsSetRole)"
    }

    private static func alter(
        _ role: String,
        _ setting: RoleState.Setting,
        on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> String {
        guard let database = setting.database else { return "ALTER ROLE \(role)" }
        return "ALTER ROLE \(role) IN DATABASE \(try connection.identifier(database))"
    }

    /// The catalogue keeps a list such as `"$user", public` as one text, but taken back as one literal it would be one element: these
    /// settings are split again, as pg_dump does (`variable_is_guc_list_quote` in its source).
    private static let lists: Set<String> = [
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries", "temp_tablespaces",
        "unix_socket_directories",
    ]

    private static func values(
        of setting: RoleState.Setting,
        on connection: borrowing PostgresConnection
    ) throws(PostgresError) -> String {
        guard self.lists.contains(setting.name) else { return try connection.literal(setting.value) }
        var literals: [String] = []
        for element in self.elements(of: setting.value) { literals.append(try connection.literal(element)) }
        return literals.joined(separator: ", ")
    }

    /// The elements of a list of identifiers, with quotes taken off and doubled quotes halved.
    static func elements(of list: String) -> [String] {
        var elements: [String] = []
        var element = ""
        var isQuoted = false
        var rest = Substring(list)
        while let character = rest.popFirst() {
            switch character {
            case "\"" where isQuoted && rest.first == "\"": element.append(rest.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                elements.append(element)
                element = ""
            case " " where !isQuoted: continue
            default: element.append(character)
            }
        }
        return elements + [element]
    }
}
