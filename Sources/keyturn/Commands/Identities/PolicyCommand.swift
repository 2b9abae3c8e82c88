import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Policies in IAM's language: what users and roles may do.",
        subcommands: [
            PolicyCreateCommand.self, PolicyUpdateCommand.self, PolicyListCommand.self, PolicyShowCommand.self, PolicyDeleteCommand.self,
            PolicyAttachCommand.self, PolicyDetachCommand.self, PolicyExplainCommand.self,
        ]
    )
}
