import ArgumentParser
import SecretModel

struct PolicyUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Replaces the text of a managed policy, for all who have it.",
        discussion: """
            Examples:
              keyturn policy update readers --document readers.json
              keyturn policy update readers --document readers.json --account 123456789012
            """
    )

    @Argument(help: "Name of the policy.")
    var name: String

    @Option(help: "File with the policy.")
    var document: String

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let text = try TextFile.read(self.document, next: "give the path of a file with a policy as --document")
        let answer = try await self.connection.call(
            "keyturn.UpdatePolicy",
            try self.account.input(("PolicyName", .string(self.name)), ("PolicyDocument", .string(text)))
        )
        self.output.show(answer) { json in
            "\(json.cell("PolicyName"))  attached to \(json["AttachedTo"]?.arrayValue?.count ?? 0)\n"
        }
    }
}
