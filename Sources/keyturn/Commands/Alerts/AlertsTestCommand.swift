import ArgumentParser
import SecretModel

struct AlertsTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Sends a test event to the sinks, and says how each answered.",
        discussion: """
            Examples:
              keyturn alerts test
              keyturn alerts test --sink oncall
            """
    )

    @Option(help: "One sink (default: all).")
    var sink: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let input: JSONValue = self.sink.map { ["Sink": .string($0)] } ?? [:]
        let answer = try await self.connection.call("keyturn.TestAlerts", input, deadline: .seconds(120))
        let results = answer["Results"]?.arrayValue ?? []
        self.output.show(answer) { _ in
            var table = TextTable("SINK", "RESULT", "MS", "ANSWER")
            for result in results {
                let isDelivered = result["IsDelivered"]?.boolValue == true
                table.add(result.cell("Sink"), isDelivered ? "✓ delivered" : "✗ failed", result.cell("DurationMs"), result.cell("Message"))
            }
            return table.text
        }
        if results.isEmpty {
            throw CommandError(.configuration, "no sinks are configured", next: "add alerting.sinks to keyturn.yaml")
        }
        if results.contains(where: { $0["IsDelivered"]?.boolValue != true }) { throw ExitCode(CommandError.Code.failed.rawValue) }
    }
}
