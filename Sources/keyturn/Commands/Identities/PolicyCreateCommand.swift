import ArgumentParser
import SecretModel

struct PolicyCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a managed policy, to be attached to users and roles.",
        discussion: """
            Examples:
              keyturn policy create readers --document readers.json
              keyturn policy create readers --document readers.json --account 123456789012
            """
    )

    @OptionGroup var policy: PolicyTextOptions
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("CreatePolicy", try self.policy.members(), table: PolicyText.holders)
    }
}
