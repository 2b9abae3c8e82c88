import AdminClient
import ArgumentParser
import Daemon
import SecretModel

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Makes a rules file so. Never rotates as a side effect.",
        discussion: """
            New rotations are checked first (connection, privileges, account, TLS); if a check fails, nothing of the file is applied.

            Examples:
              keyturn apply -f rules.yaml
              keyturn apply -f rules.yaml --auto-approve
            """
    )

    @Option(name: .shortAndLong, help: "The rules file.")
    var file: String

    @Flag(help: "Do not ask.")
    var autoApprove = false

    @Flag(help: "Apply without asking the targets, and although a check failed.")
    var skipPreflight = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.withClient { client in
            let input = try RulesSource.input(self.file).setting("SkipPreflight", to: .bool(self.skipPreflight))
            if !self.autoApprove {
                guard ValueSource.isAsked else {
                    throw CommandError(.usage, "nobody to ask", why: "standard input is no terminal", next: "give --auto-approve")
                }
                let plan = try await client.call("keyturn.PlanRules", input, deadline: .seconds(300))
                StandardStream.output.write(PlanText.text(plan))
                guard PlanText.hasChanges(plan) else { return plan }
                StandardStream.error.line("Apply? Only \"yes\" does it.")
                guard readLine() == "yes" else { throw CommandError(.failed, "not applied; nothing was changed") }
            }
            return try await client.call("keyturn.ApplyRules", input, deadline: .seconds(300))
        }
        self.output.show(answer, table: PlanText.text)
    }
}
