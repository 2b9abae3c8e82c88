import AdminClient
import ArgumentParser
import Daemon
import SecretModel

struct RotationRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Takes a waiting, failed or parked run up again, now, with the same value.",
        discussion: """
            Examples:
              keyturn rotation retry prod/db/app --wait
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @Flag(help: "Wait for the end, and show each step.")
    var wait = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await self.connection.withClient { client in
            let answer = try await client.call("keyturn.RetryRotation", ["SecretId": .string(self.name)])
            guard self.wait else {
                self.output.show(answer) { "\(self.name)  run \($0.cell("RunId")) is taken up again\n" }
                return
            }
            let watcher = RunWatcher(client: client, secret: self.name, run: answer.cell("RunId"))
            let run = try await watcher.watch(timeout: .seconds(300)) { StandardStream.output.line($0) }
            try RunReport(run: run, secret: self.name).throwUnlessSucceeded()
        }
    }
}
