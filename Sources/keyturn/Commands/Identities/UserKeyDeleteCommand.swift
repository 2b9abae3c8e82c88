import ArgumentParser
import SecretModel

struct UserKeyDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes an access key for good.",
        discussion: """
            Examples:
              keyturn user key delete ann AKIAIOSFODNN7EXAMPLE
              keyturn user key delete ann AKIAIOSFODNN7EXAMPLE --yes
            """
    )

    @OptionGroup var key: AccessKeyOptions
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try self.confirmation.ask("Delete the access key \(self.key.key) of \(self.key.user)?")
        try await self.call.show("DeleteAccessKey", self.key.members) { "\($0.cell("AccessKeyId"))  deleted\n" }
    }
}
