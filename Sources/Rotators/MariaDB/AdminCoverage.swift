/// Whether an admin may hand on what the original has: asked before the first rotation, because AWS's users learn it at the second (E3).
struct AdminCoverage {
    let admin: Set<Right>

    /// The rights of the original that the admin cannot grant.
    func missing(for rights: Set<Right>) -> [Right] {
        rights.filter { !self.canGrant($0) }.sorted { $0.description < $1.description }
    }

    /// Whether the admin has a privilege of its own, on an object or above it.
    func has(_ privilege: String, on object: GrantObject) -> Bool {
        Self.levels(of: object).contains { level in self.holds(privilege, at: level) }
    }

    private func canGrant(_ right: Right) -> Bool {
        switch right {
        case .privilege(let name, let column, let object):
            Self.levels(of: object).contains { level in
                guard self.admin.contains(.grantOption(on: level)) else { return false }
                return self.holds(name, at: level) || (column != nil && self.admin.contains(.privilege(name, column: column, on: level)))
            }
        case .grantOption(let object): Self.levels(of: object).contains { self.admin.contains(.grantOption(on: $0)) }
        case .role(let name, _): self.admin.contains(.role(name, isAdmin: true))
        case .proxy(let name, _):
            self.admin.contains(.proxy(name, canGrant: true))
                || self.admin.contains(.proxy(AccountName(user: "", host: "%"), canGrant: true))
        }
    }

    private func holds(_ privilege: String, at level: GrantObject) -> Bool {
        self.admin.contains(.privilege(privilege, column: nil, on: level))
            || self.admin.contains(.privilege("ALL PRIVILEGES", column: nil, on: level))
    }

    /// The object itself and what it lies in. Patterns of database names are compared as they are written.
    private static func levels(of object: GrantObject) -> [GrantObject] {
        [object, GrantObject(kind: "TABLE", database: object.database, name: nil), .everything]
    }
}
