import ArgumentParser

struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Roles, which users and other roles may assume.",
        subcommands: [RoleCreateCommand.self, RoleListCommand.self, RoleShowCommand.self, RoleDeleteCommand.self]
    )
}
