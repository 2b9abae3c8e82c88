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

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("DescribeUser", [("UserName", .string(self.user))]) { json in
            var table = TextTable("ACCESS KEY", "STATUS", "CREATED")
            for key in json["AccessKeys"]?.arrayValue ?? [] {
                table.add(key.cell("AccessKeyId"), key.cell("Status"), key.date("CreateDate"))
            }
            return table.text
        }
    }
}
