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
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try self.confirmation.ask("Delete the policy \(self.name)?")
        try await self.call.show("DeletePolicy", [("PolicyName", .string(self.name))]) { "\($0.cell("PolicyName"))  deleted\n" }
    }
}
