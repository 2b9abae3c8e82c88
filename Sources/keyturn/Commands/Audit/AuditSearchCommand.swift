import ArgumentParser
import SecretModel

struct AuditSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Finds audit records, newest first. Several conditions must all hold.",
        discussion: """
            Examples:
              keyturn audit search --secret prod/db/app --event GetSecretValue
              keyturn audit search --user ann --failed --since 2026-11-01 --output json
            """
    )

    @OptionGroup var filter: AuditFilterOptions

    @Option(name: [.customShort("n"), .long], help: "How many records.")
    var limit: Int = 50

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call(
            "keyturn.ListAuditRecords",
            self.filter.members.setting("MaxResults", to: .integer(self.limit))
        )
        self.output.show(answer) { json in
            var table = TextTable("TIME", "EVENT", "BY", "ERROR", "RESOURCE")
            for record in json["AuditRecords"]?.arrayValue ?? [] {
                table.add(
                    record.date("Time"),
                    record.cell("Event"),
                    record.cell("Username"),
                    record.cell("ErrorCode"),
                    record.cell("Resource")
                )
            }
            return table.text
        }
    }
}
