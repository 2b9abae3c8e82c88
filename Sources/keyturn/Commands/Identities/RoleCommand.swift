import ArgumentParser

struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Roles, which users and other roles may assume.",
        subcommands: [
            RoleCreateCommand.self, RoleUpdateCommand.self, IdentityListCommand<RoleNoun>.self, IdentityShowCommand<RoleNoun>.self,
            IdentityDeleteCommand<RoleNoun>.self, RoleRevokeCommand.self, BoundaryCommand<RoleNoun>.self,
        ]
    )
}
