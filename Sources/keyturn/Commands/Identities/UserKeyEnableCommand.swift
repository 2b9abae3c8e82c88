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

    @Argument(help: "Name of the user.")
    var user: String

    @Argument(help: "Id of the access key: AKIA…")
    var key: String

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call(
            "keyturn.UpdateAccessKey",
            try self.account.input(
                ("UserName", .string(self.user)),
                ("AccessKeyId", .string(self.key)),
                ("Status", "Active")
            )
        )
        self.output.show(answer) { "\($0.cell("AccessKeyId"))  \($0.cell("Status"))\n" }
    }
}
