import MariaDBClient

/// The statements that give one account exactly the rights of another: both what is missing and what is too much (W7, W8).
struct GrantDifference {
    let missing: Set<Right>
    let extra: Set<Right>

    init(from twin: Set<Right>, to original: Set<Right>) {
        self.missing = original.subtracting(twin)
        self.extra = twin.subtracting(original)
    }

    var isEmpty: Bool { self.missing.isEmpty && self.extra.isEmpty }

    /// REVOKE before GRANT: taking away ALL PRIVILEGES also takes away those that were granted by name.
    func statements(for account: AccountName) -> [String] {
        let statements = self.revokes(from: account) + self.grants(to: account)
        // The server knows the word PACKAGE in this mode only, though SHOW GRANTS says it in every mode.
        return self.hasPackages ? ["SET SESSION sql_mode = 'ORACLE'"] + statements + ["SET SESSION sql_mode = ''"] : statements
    }

    private var hasPackages: Bool {
        self.missing.union(self.extra).contains { right in
            switch right {
            case .privilege(_, _, let object), .grantOption(let object): object.kind.hasPrefix("PACKAGE")
            case .role, .proxy: false
            }
        }
    }

    private func revokes(from account: AccountName) -> [String] {
        var statements: [String] = []
        for (object, privileges) in Self.byObject(self.extra) {
            statements.append("REVOKE \(privileges) ON \(object.sql) FROM \(account.sql)")
        }
        for right in self.extra {
            switch right {
            case .privilege: break
            case .grantOption(let object): statements.append("REVOKE GRANT OPTION ON \(object.sql) FROM \(account.sql)")
            case .role(let role, _): statements.append("REVOKE \(SQLText.identifier(role)) FROM \(account.sql)")
            case .proxy(let name, _): statements.append("REVOKE PROXY ON \(name.sql) FROM \(account.sql)")
            }
        }
        return statements.sorted()
    }

    private func grants(to account: AccountName) -> [String] {
        var statements: [String] = []
        for (object, privileges) in Self.byObject(self.missing) {
            statements.append("GRANT \(privileges) ON \(object.sql) TO \(account.sql)")
        }
        for right in self.missing {
            switch right {
            case .privilege: break
            case .grantOption(let object): statements.append("GRANT USAGE ON \(object.sql) TO \(account.sql) WITH GRANT OPTION")
            case .role(let role, let isAdmin):
                statements.append("GRANT \(SQLText.identifier(role)) TO \(account.sql)" + (isAdmin ? " WITH ADMIN OPTION" : ""))
            case .proxy(let name, let canGrant):
                statements.append("GRANT PROXY ON \(name.sql) TO \(account.sql)" + (canGrant ? " WITH GRANT OPTION" : ""))
            }
        }
        return statements.sorted()
    }

    /// The privileges on each object as a list for a statement: `SELECT, UPDATE (`a`, `b`)`.
    private static func byObject(_ rights: Set<Right>) -> [GrantObject: String] {
        var columns: [GrantObject: [String: [String]]] = [:]
        for case .privilege(let name, let column, let object) in rights {
            columns[object, default: [:]][column == nil ? name : name + " (", default: []] += column.map { [$0] } ?? []
        }
        return columns.mapValues { privileges in
            privileges.sorted { $0.key < $1.key }.map { name, columns in
                columns.isEmpty ? name : name + columns.sorted().map { SQLText.identifier($0) }.joined(separator: ", ") + ")"
            }.joined(separator: ", ")
        }
    }
}
