import AdminClient
import ArgumentParser
import Daemon
import SecretModel

struct RotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Rotates a secret now.",
        discussion: """
            Examples:
              keyturn rotate prod/db/app --wait
              keyturn rotate prod/db/app --dry-run
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @Flag(help: "Wait for the end, and show each step.")
    var wait = false

    @Flag(help: "Check all that can be checked, and change nothing.")
    var dryRun = false

    @Option(help: "Seconds to wait before giving up watching; the run goes on.")
    var timeout: Int = 300

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await self.connection.withClient { client in
            if self.dryRun {
                try await self.checkOnly(client)
                return
            }
            var generator = SystemRandomNumberGenerator()
            let token = VersionID(using: &generator)
            let answer = try await client.call(
                "secretsmanager.RotateSecret",
                ["SecretId": .string(self.name), "ClientRequestToken": .string(token.description)]
            )
            guard self.wait else {
                self.output.show(answer) {
                    "\($0.cell("Name"))  run \($0.cell("VersionId")) has begun; watch it: keyturn rotation show \(self.name)\n"
                }
                return
            }
            let isQuiet = self.output.output == .json
            let run = try await RunWatcher(client: client, secret: self.name, run: token.description).watch(
                timeout: .seconds(self.timeout)
            ) { line in
                if !isQuiet { StandardStream.output.line(line) }
            }
            if isQuiet { StandardStream.output.line(run.indented()) }
            try RunReport(run: run, secret: self.name).throwUnlessSucceeded()
        }
    }

    private func checkOnly(_ client: APIClient) async throws {
        let answer = try await client.call("keyturn.PreflightRotation", ["SecretId": .string(self.name)])
        self.output.show(answer) { FindingsTable.text($0["Findings"]?.arrayValue ?? []) }
        if FindingsTable.hasFailure(answer["Findings"]?.arrayValue ?? []) {
            throw CommandError(.failed, "\(self.name) would not rotate", next: "mend what is marked ✗ and try again; nothing was changed")
        }
    }
}
