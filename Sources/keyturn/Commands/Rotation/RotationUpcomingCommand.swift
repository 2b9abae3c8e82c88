import ArgumentParser
import SecretModel

struct RotationUpcomingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upcoming",
        abstract: "Lists what rotates in the next days.",
        discussion: """
            Examples:
              keyturn rotation upcoming
              keyturn rotation upcoming --days 90
            """
    )

    @Option(help: "How many days ahead.")
    var days: Int = 30

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.ListUpcomingRotations", ["Days": .integer(self.days)])
        self.output.show(answer) { json in
            var table = TextTable("DUE", "WINDOW UNTIL", "SECRET", "ROTATOR")
            for entry in json["Upcoming"]?.arrayValue ?? [] {
                table.add(entry.date("DueDate"), entry.date("WindowEndDate"), entry.cell("Name"), entry.cell("Rotator"))
            }
            return table.text
        }
    }
}
