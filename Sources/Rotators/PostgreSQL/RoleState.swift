/// What a role is and may do, apart from its password and its rights on objects, as the catalogue says. Readable by every role.
struct RoleState: Hashable, Sendable {
    struct Membership: Hashable, Sendable {
        let role: String
        let hasAdminOption: Bool
        /// PostgreSQL 16 and later; before, a membership always allows SET ROLE, and inherits as the member's INHERIT says.
        let inherits: Bool?
        let allowsSetRole: Bool?

        init(role: String, hasAdminOption: Bool = false, inherits: Bool? = nil, allowsSetRole: Bool? = nil) {
            self.role = role
            self.hasAdminOption = hasAdminOption
            self.inherits = inherits
            self.allowsSetRole = allowsSetRole
        }
    }

    /// A line of `ALTER ROLE … SET`.
    struct Setting: Hashable, Sendable {
        /// `nil` for all databases.
        let database: String?
        let name: String
        /// As the catalogue keeps it: the elements of a list quoted and joined.
        let value: String
    }

    let name: String
    var isSuperuser = false
    var inherits = true
    var createsRoles = false
    var createsDatabases = false
    var canLogin = false
    var replicates = false
    var bypassesRowSecurity = false
    var connectionLimit = -1
    /// `nil` for ever.
    var validUntil: String?
    var memberships: Set<Membership> = []
    var settings: Set<Setting> = []

    init(name: String) {
        self.name = name
    }

    /// Whether a person has to say that an admin may change it (`lessons.md` A14).
    var isProtected: Bool { self.isSuperuser || self.replicates }
}
