import ArgumentParser

struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Secrets and their versions.",
        subcommands: [
            SecretListCommand.self, SecretGetCommand.self, SecretPutCommand.self, SecretDescribeCommand.self, SecretHistoryCommand.self,
            SecretRollbackCommand.self,
        ]
    )
}
