import ArgumentParser
import SecretModel

struct RotationCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Turns rotation of a secret off and ends a run in progress. Rules and candidates are kept.",
        discussion: """
            Examples:
              keyturn rotation cancel prod/db/app
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("secretsmanager.CancelRotateSecret", ["SecretId": .string(self.name)])
        self.output.show(answer) { json in
            let run = json["VersionId"]?.stringValue.map { "; run \($0) is cancelled" } ?? ""
            return "\(json.cell("Name"))  rotation is off\(run)\n"
        }
    }
}
