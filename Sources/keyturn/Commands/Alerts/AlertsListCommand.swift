import ArgumentParser
import SecretModel

struct AlertsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists firing alerts.",
        discussion: """
            Examples:
              keyturn alerts list
              keyturn alerts list --all --output json
            """
    )

    @Flag(help: "Resolved ones too.")
    var all = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.ListAlerts", ["IncludeResolved": .bool(self.all)])
        self.output.show(answer) { json in
            var table = TextTable("ALERT", "SEVERITY", "STATUS", "SECRET OR KEY", "SINCE", "CAUSE")
            for alert in json["Alerts"]?.arrayValue ?? [] {
                table.add(
                    alert.cell("Name"),
                    alert.cell("Severity"),
                    alert.cell("Status"),
                    alert.cell(alert["KeyArn"] == nil ? "Secret" : "KeyArn"),
                    alert.date("StartedDate"),
                    alert.cell("ErrorCode")
                )
            }
            return table.text
        }
    }
}
