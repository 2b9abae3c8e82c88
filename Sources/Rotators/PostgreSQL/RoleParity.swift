/// What a clone has to become so that an application cannot tell it from the original (W8, W9, W10).
///
/// Without an owner role the clone is a member of the original and becomes it at login (`ALTER ROLE clone SET role = original`), so that
/// all objects have one owner, and every right on an object that the original gains or loses, the clone gains or loses. With an owner role,
/// of which the original is a member, the clone has the same memberships as the original and becomes the owner role at login.
struct RoleParity {
    let original: RoleState
    let ownerRole: String?
    /// Whether memberships have the options of PostgreSQL 16.
    let hasMembershipOptions: Bool

    /// The memberships that the clone must have, and no others.
    private var memberships: Set<RoleState.Membership> {
        guard self.ownerRole == nil else { return self.original.memberships }
        let flag = self.hasMembershipOptions ? true : nil
        return [RoleState.Membership(role: self.original.name, inherits: flag, allowsSetRole: flag)]
    }

    private var settings: Set<RoleState.Setting> {
        let role = self.ownerRole ?? self.original.name
        // An original that itself becomes another role at login wants its clone to become the same.
        if self.ownerRole == nil, self.original.settings.contains(where: { $0.name == "role" && $0.database == nil }) {
            return self.original.settings
        }
        let others = self.original.settings.filter { !($0.name == "role" && $0.database == nil) }
        return others.union([RoleState.Setting(database: nil, name: "role", value: role)])
    }

    /// Whether a role bears a mark of a clone of this original: the membership, or the role that it becomes at login.
    func isRecognised(_ clone: RoleState) -> Bool {
        let role = self.ownerRole ?? self.original.name
        return clone.memberships.contains { $0.role == self.original.name }
            || clone.settings.contains { $0.name == "role" && $0.value == role && $0.database == nil }
    }

    /// What to do about a clone, in order; empty if it is complete. The password and LOGIN are no part of it: they come last (W2).
    func changes(to clone: RoleState?) -> [RoleChange] {
        guard let clone else { return [.create] + self.changes(from: .created) }
        return self.changes(from: clone)
    }

    private func changes(from clone: RoleState) -> [RoleChange] {
        self.attributes(of: clone) + self.membershipChanges(of: clone) + self.settingChanges(of: clone)
    }

    private func attributes(of clone: RoleState) -> [RoleChange] {
        let attributes: [(KeyPath<RoleState, Bool>, String)] = [
            (\.isSuperuser, "SUPERUSER"), (\.inherits, "INHERIT"), (\.createsRoles, "CREATEROLE"), (\.createsDatabases, "CREATEDB"),
            (\.replicates, "REPLICATION"), (\.bypassesRowSecurity, "BYPASSRLS"),
        ]
        var changes: [RoleChange] = attributes.compactMap { path, word in
            let wanted = self.original[keyPath: path]
            return wanted == clone[keyPath: path] ? nil : .attribute(wanted ? word : "NO\(word)")
        }
        if self.original.connectionLimit != clone.connectionLimit { changes.append(.connectionLimit(self.original.connectionLimit)) }
        if self.original.validUntil != clone.validUntil { changes.append(.validUntil(self.original.validUntil)) }
        return changes
    }

    private func membershipChanges(of clone: RoleState) -> [RoleChange] {
        let wanted = self.memberships
        let excess = Set(clone.memberships.map(\.role)).subtracting(wanted.map(\.role))
        // A membership that is there with other options is taken away first: GRANT alone never takes an option away.
        let altered = clone.memberships.subtracting(wanted).map(\.role).filter { !excess.contains($0) }
        let revokes = (excess.sorted() + altered.sorted()).map { RoleChange.revoke(role: $0) }
        return revokes + wanted.subtracting(clone.memberships).sorted { $0.role < $1.role }.map { .grant($0) }
    }

    private func settingChanges(of clone: RoleState) -> [RoleChange] {
        let wanted = self.settings
        func order(_ first: RoleState.Setting, _ second: RoleState.Setting) -> Bool {
            (first.database ?? "", first.name) < (second.database ?? "", second.name)
        }
        let excess = clone.settings.filter { setting in
            !wanted.contains { $0.name == setting.name && $0.database == setting.database }
        }
        return excess.sorted(by: order).map { .reset($0) } + wanted.subtracting(clone.settings).sorted(by: order).map { .set($0) }
    }
}

extension RoleState {
    /// What `CREATE ROLE` without attributes makes.
    fileprivate static var created: RoleState { RoleState(name: "") }
}
