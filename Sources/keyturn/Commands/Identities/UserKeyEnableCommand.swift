import ArgumentParser
import SecretModel

struct UserKeyEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Makes a disabled access key work again.",
        discussion: """
            Examples:
              keyturn user key enable ann AKIAIOSFODNN7EXAMPLE
              keyturn user key enable ann AKIAIOSFODNN7EXAMPLE --account 123456789012
            """
    )

    @OptionGroup var key: AccessKeyOptions
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("UpdateAccessKey", self.key.members + [("Status", "Active")]) {
            "\($0.cell("AccessKeyId"))  \($0.cell("Status"))\n"
        }
    }
}
