import AdminClient
import ArgumentParser
import Daemon
import SecretModel

struct AuditTailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows the newest audit records, and with --follow those that come.",
        discussion: """
            Examples:
              keyturn audit tail
              keyturn audit tail --follow --output json | jq .eventName
            """
    )

    @Option(name: [.customShort("n"), .long], help: "How many records.")
    var limit: Int = 20

    @Flag(name: .shortAndLong, help: "Go on until interrupted.")
    var follow = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    /// How long to wait before asking again whether there is something new.
    private static let interval: Duration = .seconds(1)

    func run() async throws {
        try await self.connection.withClient { client in
            let newest = try await client.call("keyturn.ListAuditRecords", ["MaxResults": .integer(self.limit)])
            let records = (newest["AuditRecords"]?.arrayValue ?? []).reversed()
            for record in records { self.show(record) }
            var last = records.map { $0["Sequence"]?.integerValue ?? 0 }.max() ?? 0
            while self.follow {
                let answer = try await client.call("keyturn.ListAuditRecords", ["AfterSequence": .integer(last)])
                for record in answer["AuditRecords"]?.arrayValue ?? [] { self.show(record) }
                last = answer["LastSequence"]?.integerValue ?? last
                if answer["IsAtEnd"] == true { try await Task.sleep(for: Self.interval) }
            }
        }
    }

    /// A line a record: they come one by one, so there is no table to line up.
    private func show(_ record: JSONValue) {
        switch self.output.output {
        case .json: StandardStream.output.line(record["CloudTrailEvent"]?.stringValue ?? "{}")
        case .table:
            let cells = [record.date("Time")] + ["Event", "Username", "Resource", "ErrorCode"].map(record.cell)
            StandardStream.output.line(cells.joined(separator: "  "))
        }
    }
}
