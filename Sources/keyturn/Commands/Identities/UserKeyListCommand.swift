import ArgumentParser
import SecretModel

struct UserKeyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the access keys of a user.",
        discussion: """
            Examples:
              keyturn user key list ann
              keyturn user key list ann --output json
            """
    )

    @Argument(help: "Name of the user.")
    var user: String

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.DescribeUser", try self.account.input(("UserName", .string(self.user))))
        self.output.show(answer) { json in
            var table = TextTable("ACCESS KEY", "STATUS", "CREATED")
            for key in json["AccessKeys"]?.arrayValue ?? [] {
                table.add(key.cell("AccessKeyId"), key.cell("Status"), key.date("CreateDate"))
            }
            return table.text
        }
    }
}
