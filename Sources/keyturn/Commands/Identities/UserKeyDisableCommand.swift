import ArgumentParser
import SecretModel

struct UserKeyDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Makes an access key stop working, at once; it can be enabled again.",
        discussion: """
            Examples:
              keyturn user key disable ann AKIAIOSFODNN7EXAMPLE
              keyturn user key disable ann AKIAIOSFODNN7EXAMPLE --account 123456789012
            """
    )

    @OptionGroup var key: AccessKeyOptions
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("UpdateAccessKey", self.key.members + [("Status", "Inactive")]) {
            "\($0.cell("AccessKeyId"))  \($0.cell("Status"))\n"
        }
    }
}
