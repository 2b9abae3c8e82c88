import ArgumentParser
import SecretModel

/// In which account identities are looked up.
struct AccountOptions: ParsableArguments {
    @Option(help: "Account id of twelve digits (default: that of your access key).")
    var account: String?

    /// The members of a call, with the account if one is given.
    func input(_ members: (String, JSONValue?)...) throws -> JSONValue { try self.input(members) }

    func input(_ members: [(String, JSONValue?)]) throws -> JSONValue {
        if let account, AccountID(account) == nil {
            throw CommandError(
                .usage,
                "\"\(account)\" is no account id",
                why: "an account id has twelve digits",
                next: "such as 123456789012"
            )
        }
        let all = members + [("AccountId", self.account.map { .string($0) })]
        return .object(all.compactMap { name, value in value.map { .init(name, $0) } })
    }
}

/// The user or the role that a policy is given to or taken from.
struct HolderOptions: ParsableArguments {
    @Option(help: "Name of a user.")
    var user: String?

    @Option(help: "Name of a role.")
    var role: String?

    func validate() throws {
        guard (self.user == nil) != (self.role == nil) else { throw ValidationError("name a user or a role: --user NAME or --role NAME") }
    }

    var members: [(String, JSONValue?)] { [("UserName", self.user.map { .string($0) }), ("RoleName", self.role.map { .string($0) })] }
}
