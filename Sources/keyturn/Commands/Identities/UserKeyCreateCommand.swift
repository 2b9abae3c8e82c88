import ArgumentParser
import SecretModel

struct UserKeyCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a further access key, and shows its secret this once.",
        discussion: """
            Examples:
              keyturn user key create ann
              keyturn user key create ann --output json
            """
    )

    @Argument(help: "Name of the user.")
    var user: String

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.CreateAccessKey", try self.account.input(("UserName", .string(self.user))))
        self.output.show(answer) { json in
            "AWS_ACCESS_KEY_ID=\(json.cell("AccessKeyId"))\nAWS_SECRET_ACCESS_KEY=\(json.cell("SecretAccessKey"))\n"
        }
    }
}
