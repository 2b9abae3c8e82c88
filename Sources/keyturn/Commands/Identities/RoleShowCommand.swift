import ArgumentParser
import SecretModel

struct RoleShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a role with what is attached to it.",
        discussion: """
            Examples:
              keyturn role show deployer
              keyturn role show deployer --output json
            """
    )

    @Argument(help: "Name of the role.")
    var name: String

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.DescribeRole", try self.account.input(("RoleName", .string(self.name))))
        self.output.show(answer) { IdentityText.details($0) }
    }
}
