import ArgumentParser
import SecretModel

struct UserShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a user with what is attached to it.",
        discussion: """
            Examples:
              keyturn user show ann
              keyturn user show ann --output json
            """
    )

    @Argument(help: "Name of the user.")
    var name: String

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.DescribeUser", try self.account.input(("UserName", .string(self.name))))
        self.output.show(answer) { IdentityText.details($0) }
    }
}
