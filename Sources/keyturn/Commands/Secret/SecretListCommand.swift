import AdminClient
import ArgumentParser
import SecretModel

struct SecretListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists secrets.",
        discussion: """
            Examples:
              keyturn secret list
              keyturn secret list --prefix prod/ --output json
            """
    )

    @Option(help: "Only names that begin so.")
    var prefix: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let secrets = try await self.connection.withClient { client in
            var secrets: [JSONValue] = []
            var input: JSONValue = ["MaxResults": 100]
            if let prefix { input = input.setting("Filters", to: [["Key": "name", "Values": [.string(prefix)]]]) }
            while true {
                let page = try await client.call("secretsmanager.ListSecrets", input)
                secrets += page["SecretList"]?.arrayValue ?? []
                guard let token = page["NextToken"] else { return secrets }
                input = input.setting("NextToken", to: token)
            }
        }
        self.output.show(.array(secrets)) { json in
            var table = TextTable("NAME", "ROTATION", "LAST ROTATED", "NEXT ROTATION", "CHANGED")
            for secret in json.arrayValue ?? [] {
                let rotation = secret["RotationEnabled"]?.boolValue.map { $0 ? "on" : "off" } ?? "-"
                table.add(
                    secret.cell("Name"),
                    rotation,
                    secret.date("LastRotatedDate"),
                    secret.date("NextRotationDate"),
                    secret.date("LastChangedDate")
                )
            }
            return table.text
        }
    }
}
