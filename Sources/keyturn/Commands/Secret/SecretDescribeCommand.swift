import ArgumentParser
import SecretModel

struct SecretDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Shows everything of a secret but its value.",
        discussion: """
            Examples:
              keyturn secret describe prod/db/app
              keyturn secret describe prod/db/app --output json
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("secretsmanager.DescribeSecret", ["SecretId": .string(self.name)])
        self.output.show(answer) { json in
            var table = TextTable("FIELD", "VALUE")
            for member in json.members ?? [] where member.name != "VersionIdsToStages" {
                table.add(
                    member.name,
                    member.name.hasSuffix("Date") ? json.date(member.name) : member.value.stringValue ?? member.value.text
                )
            }
            for version in json["VersionIdsToStages"]?.members ?? [] {
                let labels = version.value.arrayValue?.compactMap(\.stringValue).joined(separator: ", ") ?? ""
                table.add("Version \(version.name)", labels)
            }
            return table.text
        }
    }
}
