import AdminClient
import ArgumentParser
import Daemon
import SecretModel

struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the audit trail as JSON lines, oldest first: CloudTrail's records, each with its place in the chain.",
        discussion: """
            The member keyturnChain, always the last of a line, has sequence, microseconds, resource, previousHash and hash.

            Examples:
              keyturn audit export > trail.jsonl
              keyturn audit export --after 4711 >> trail.jsonl
            """
    )

    @Option(help: "Only records behind this sequence.")
    var after: Int64 = 0

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await self.connection.withClient { client in
            var last = self.after
            while true {
                let answer = try await client.call("keyturn.ListAuditRecords", ["AfterSequence": .integer(last), "MaxResults": 1_000])
                for record in answer["AuditRecords"]?.arrayValue ?? [] { StandardStream.output.line(Self.line(record)) }
                guard answer["IsAtEnd"] == false, let sequence = answer["LastSequence"]?.integerValue else { return }
                last = sequence
            }
        }
    }

    /// The record to the letter, as it was hashed, with one more member.
    private static func line(_ record: JSONValue) -> String {
        let members = ["Sequence", "Microseconds", "Resource", "PreviousHash", "Hash"].compactMap { name in
            record[name].map { JSONValue.Member(name.prefix(1).lowercased() + name.dropFirst(), $0) }
        }
        let event = record["CloudTrailEvent"]?.stringValue ?? "{}"
        return event.dropLast() + #","keyturnChain":"# + JSONValue.object(members).text + "}"
    }
}
