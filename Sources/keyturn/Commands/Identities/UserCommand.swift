import ArgumentParser

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Users and their access keys.",
        subcommands: [
            UserCreateCommand.self, IdentityListCommand<UserNoun>.self, IdentityShowCommand<UserNoun>.self,
            IdentityDeleteCommand<UserNoun>.self, UserKeyCommand.self, BoundaryCommand<UserNoun>.self,
        ]
    )
}

struct UserKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Access keys of a user. To rotate one: create a second, use it, disable the first, delete it.",
        subcommands: [
            UserKeyCreateCommand.self, UserKeyListCommand.self, UserKeyEnableCommand.self, UserKeyDisableCommand.self,
            UserKeyDeleteCommand.self,
        ]
    )
}
