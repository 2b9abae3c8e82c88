import ArgumentParser
import Daemon
import SecretModel

struct SecretGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Prints a value.",
        discussion: """
            On a terminal the value is shown only with --reveal; into a pipe or a file it goes with a line
            break at its end, bytes that are no text in base64.

            Examples:
              keyturn secret get prod/db/app --reveal
              keyturn secret get prod/db/app --field password | pbcopy
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @Option(help: "Staging label (default: AWSCURRENT).")
    var stage: String?

    @Option(help: "Version id.")
    var versionID: String?

    @Option(help: "One member of a JSON value.")
    var field: String?

    @Flag(help: "Show the value on a terminal.")
    var reveal = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        var input: JSONValue = ["SecretId": .string(self.name)]
        if let stage { input = input.setting("VersionStage", to: .string(stage)) }
        if let versionID { input = input.setting("VersionId", to: .string(versionID)) }
        let isHidden = StandardStream.output.isTerminal && !self.reveal
        if isHidden {
            let described = try await self.connection.call("secretsmanager.DescribeSecret", ["SecretId": .string(self.name)])
            StandardStream.error.line("\(described.cell("Name")): the value is not shown on a terminal without --reveal")
            return
        }
        let answer = try await self.connection.call("secretsmanager.GetSecretValue", input)
        if self.output.output == .json {
            StandardStream.output.line(answer.indented())
            return
        }
        guard let field else {
            StandardStream.output.line(answer["SecretString"]?.stringValue ?? answer.cell("SecretBinary"))
            return
        }
        guard let text = answer["SecretString"]?.stringValue, let value = try? JSONValue(parsing: text)[field] else {
            throw CommandError(.failed, "\(self.name) has no member \"\(field)\"", why: "the value is not JSON with that member")
        }
        StandardStream.output.line(value.stringValue ?? value.text)
    }
}
