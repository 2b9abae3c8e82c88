import ArgumentParser
import SecretModel

struct RoleDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a role, with the policies of its own.",
        discussion: """
            Examples:
              keyturn role delete deployer
              keyturn role delete deployer --yes
            """
    )

    @Argument(help: "Name of the role.")
    var name: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try self.confirmation.ask("Delete the role \(self.name)?")
        let answer = try await self.connection.call("keyturn.DeleteRole", try self.account.input(("RoleName", .string(self.name))))
        self.output.show(answer) { "\($0.cell("Arn"))  deleted\n" }
    }
}
