/// Users and roles, for the commands that are the same for both.
protocol IdentityNoun: Sendable {
    /// `User`, as it stands in the names of operations and members.
    static var noun: String { get }
    /// For the examples of a help text.
    static var example: String { get }
    /// What goes with one that is deleted.
    static var belongings: String { get }
}

extension IdentityNoun {
    static var word: String { self.noun.lowercased() }
}

enum UserNoun: IdentityNoun {
    static let noun = "User"
    static let example = "ann"
    static let belongings = "its access keys and the policies of its own"
}

enum RoleNoun: IdentityNoun {
    static let noun = "Role"
    static let example = "deployer"
    static let belongings = "the policies of its own"
}
