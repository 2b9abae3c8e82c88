import ArgumentParser
import SecretModel

struct PolicyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the managed policies of an account, those that come with Keyturn first.",
        discussion: """
            Examples:
              keyturn policy list
              keyturn policy list --output json
            """
    )

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("ListPolicies", table: PolicyText.table)
    }
}
