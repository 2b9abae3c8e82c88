import ArgumentParser
import SecretModel

struct PolicyUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Replaces the text of a managed policy, for all who have it.",
        discussion: """
            Examples:
              keyturn policy update readers --document readers.json
              keyturn policy update readers --document readers.json --account 123456789012
            """
    )

    @OptionGroup var policy: PolicyTextOptions
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("UpdatePolicy", try self.policy.members(), table: PolicyText.holders)
    }
}
