import ArgumentParser

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "The keys of the store.",
        subcommands: [KeyRecoverCommand.self]
    )
}
