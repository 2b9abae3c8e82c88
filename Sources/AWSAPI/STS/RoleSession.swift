package import Access
package import Storage

/// A session of a role, as its token carries it.
package struct RoleSession: Hashable, Sendable {
    package let role: IdentityID
    /// The role's: the session does not live on in a later role of the same name.
    package let roleID: String
    /// `RoleSessionName`.
    package let name: String
    /// The text of the session policy; `nil` for none.
    package let policy: String?
    /// Managed policies of the role's account that limit the session as they are at each request.
    package let policyNames: [String]
    package let tags: [SessionTag]

    package init(
        role: IdentityID,
        roleID: String,
        name: String,
        policy: String? = nil,
        policyNames: [String] = [],
        tags: [SessionTag] = []
    ) {
        self.role = role
        self.roleID = roleID
        self.name = name
        self.policy = policy
        self.policyNames = policyNames
        self.tags = tags
    }

    package var principal: Principal { .assumedRole(self.role.account, role: self.role.name, session: self.name) }

    var hasPolicies: Bool { self.policy != nil || !self.policyNames.isEmpty }
}
