import ArgumentParser

struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "Alerts and where they go.",
        subcommands: [AlertsListCommand.self, AlertsTestCommand.self]
    )
}
