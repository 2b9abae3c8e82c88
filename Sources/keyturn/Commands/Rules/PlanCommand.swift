import AdminClient
import ArgumentParser
import SecretModel

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a rules file would change. Changes nothing.",
        discussion: """
            Examples:
              keyturn plan -f rules.yaml
              keyturn plan -f rules.yaml --detailed-exitcode    # exit code 2 if there are differences
            """
    )

    @Option(name: .shortAndLong, help: "The rules file.")
    var file: String

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit code 2 if there are differences.")
    var hasDetailedExitCode = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.withClient { client in
            try await client.call("keyturn.PlanRules", try RulesSource.input(self.file), deadline: .seconds(300))
        }
        self.output.show(answer, table: PlanText.text)
        if self.hasDetailedExitCode, PlanText.hasChanges(answer) { throw ExitCode(CommandError.Code.differences.rawValue) }
    }
}
