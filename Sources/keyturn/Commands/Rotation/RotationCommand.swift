import ArgumentParser

struct RotationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotation",
        abstract: "Rotations: what runs, what failed, what is next.",
        subcommands: [
            RotationListCommand.self, RotationShowCommand.self, RotationRetryCommand.self, RotationCancelCommand.self,
            RotationUpcomingCommand.self,
        ]
    )
}
