import ArgumentParser
import SecretModel

struct UserDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a user and its access keys, with the policies of its own.",
        discussion: """
            Examples:
              keyturn user delete ann
              keyturn user delete ann --yes
            """
    )

    @Argument(help: "Name of the user.")
    var name: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try self.confirmation.ask("Delete the user \(self.name) and its access keys?")
        let answer = try await self.connection.call("keyturn.DeleteUser", try self.account.input(("UserName", .string(self.name))))
        self.output.show(answer) { "\($0.cell("Arn"))  deleted\n" }
    }
}
