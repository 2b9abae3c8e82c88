import ArgumentParser
import SecretModel

struct PolicyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints the text of a managed policy, as it was written.",
        discussion: """
            Examples:
              keyturn policy show readers
              keyturn policy show AdministratorAccess --output json
            """
    )

    @Argument(help: "Name of the policy.")
    var name: String

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.DescribePolicy", try self.account.input(("PolicyName", .string(self.name))))
        self.output.show(answer) { "\($0.cell("PolicyDocument"))\n" }
    }
}
