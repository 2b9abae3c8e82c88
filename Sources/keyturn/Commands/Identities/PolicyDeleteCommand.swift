import ArgumentParser
import SecretModel

struct PolicyDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a managed policy that is attached to nobody.",
        discussion: """
            Examples:
              keyturn policy delete readers
              keyturn policy delete readers --yes
            """
    )

    @Argument(help: "Name of the policy.")
    var name: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try self.confirmation.ask("Delete the policy \(self.name)?")
        let answer = try await self.connection.call("keyturn.DeletePolicy", try self.account.input(("PolicyName", .string(self.name))))
        self.output.show(answer) { "\($0.cell("PolicyName"))  deleted\n" }
    }
}
