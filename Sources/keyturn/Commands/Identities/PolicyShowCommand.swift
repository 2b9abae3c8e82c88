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

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("DescribePolicy", [("PolicyName", .string(self.name))]) { "\($0.cell("PolicyDocument"))\n" }
    }
}
