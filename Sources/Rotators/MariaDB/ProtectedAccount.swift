import RotationModel

/// Accounts on which a server or its replicas depend: rotating one by mistake is an outage (A14), so it takes an explicit option.
enum ProtectedAccount {
    private static let names: Set<String> = [
        "root", "mysql", "mariadb.sys", "mysql.sys", "mysql.session", "mysql.infoschema", "debian-sys-maint",
    ]
    private static let privileges: Set<String> = ["ALL PRIVILEGES", "SUPER", "REPLICATION SLAVE", "REPLICATION SLAVE ADMIN"]

    /// - Returns: Why the account is protected; `nil` if it is not.
    static func reason(user: String, rights: Set<Right>) -> String? {
        if self.names.contains(user) { return "\(user) is an account of the server itself" }
        let found = rights.compactMap { right -> String? in
            guard case .privilege(let name, nil, .everything) = right, self.privileges.contains(name) else { return nil }
            return name
        }
        guard let privilege = found.min() else { return nil }
        return "\(user) has \(privilege) on the whole server"
    }

    static func check(user: String, rights: Set<Right>, options: MariaDBOptions) throws(RotationFailure) {
        guard !options.allowsProtected, let reason = self.reason(user: user, rights: rights) else { return }
        throw RotationFailure(
            .configInvalid,
            "\(reason), and protected accounts are not rotated unasked",
            hint: "set the option `allow_protected: true` in the secret's rules if that is what you want"
        )
    }
}
