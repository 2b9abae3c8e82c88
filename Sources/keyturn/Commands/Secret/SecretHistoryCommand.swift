import AdminClient
import ArgumentParser
import SecretModel

struct SecretHistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows a secret's versions and who changed it. Who read it: keyturn audit search.",
        discussion: """
            Examples:
              keyturn secret history prod/db/app
              keyturn secret history prod/db/app --limit 200 --output json
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @Option(help: "How many changes.")
    var limit: Int = 50

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.withClient { client in
            let versions = try await client.call(
                "secretsmanager.ListSecretVersionIds",
                ["SecretId": .string(self.name), "IncludeDeprecated": true]
            )
            let audit = try await client.call(
                "keyturn.ListAuditRecords",
                ["SecretId": .string(self.name), "ReadOnly": false, "MaxResults": .integer(self.limit)]
            )
            return versions.setting("AuditRecords", to: audit["AuditRecords"] ?? [])
        }
        self.output.show(answer) { json in
            var versions = TextTable("VERSION", "CREATED", "LABELS")
            for version in json["Versions"]?.arrayValue ?? [] {
                let labels = version["VersionStages"]?.arrayValue?.compactMap(\.stringValue).joined(separator: ", ") ?? "-"
                versions.add(version.cell("VersionId"), version.date("CreatedDate"), labels)
            }
            var audit = TextTable("TIME", "EVENT", "BY", "ERROR")
            for record in json["AuditRecords"]?.arrayValue ?? [] {
                audit.add(record.date("Time"), record.cell("Event"), record.cell("Username"), record.cell("ErrorCode"))
            }
            return versions.text + "\n" + audit.text
        }
    }
}
