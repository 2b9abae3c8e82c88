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

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("CreateAccessKey", [("UserName", .string(self.user))]) { json in
            "AWS_ACCESS_KEY_ID=\(json.cell("AccessKeyId"))\nAWS_SECRET_ACCESS_KEY=\(json.cell("SecretAccessKey"))\n"
        }
    }
}
