import AdminClient
import ArgumentParser
import Foundation
import SecretModel

struct SecretPutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Stores a value, and makes the secret if there is none of this name.",
        discussion: """
            The value comes from standard input, from a file or from a prompt, never from an argument. It changes no target: for a
            secret that rotates, store only what the target accepts already.

            Examples:
              keyturn secret put prod/db/app < value.json
              keyturn secret put prod/db/app @value.json
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @Argument(help: "- for standard input, @FILE for a file; without it a prompt on a terminal, else standard input.")
    var source: String = "-"

    @Option(help: "Description of a new secret.")
    var description: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let value = try ValueSource.read(self.source, prompt: "Value of \(self.name): ")
        let answer = try await self.connection.withClient { client in
            var generator = SystemRandomNumberGenerator()
            let token = JSONValue.string(VersionID(using: &generator).description)
            let put = JSONValue.object([.init("SecretId", .string(self.name)), .init("ClientRequestToken", token), value])
            do {
                return try await client.call("secretsmanager.PutSecretValue", put)
            } catch ClientError.refused(code: "ResourceNotFoundException", _, _) {
                var create = JSONValue.object([.init("Name", .string(self.name)), .init("ClientRequestToken", token), value])
                if let description { create = create.setting("Description", to: .string(description)) }
                return try await client.call("secretsmanager.CreateSecret", create)
            }
        }
        self.output.show(answer) { "\($0.cell("Name"))  version \($0.cell("VersionId"))\n" }
    }
}
