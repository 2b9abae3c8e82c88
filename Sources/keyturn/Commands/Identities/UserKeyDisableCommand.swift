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
                ("Status", "Inactive")
            )
        )
        self.output.show(answer) { "\($0.cell("AccessKeyId"))  \($0.cell("Status"))\n" }
    }
}
