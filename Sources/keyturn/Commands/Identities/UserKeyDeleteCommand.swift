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

    @Argument(help: "Name of the user.")
    var user: String

    @Argument(help: "Id of the access key: AKIA…")
    var key: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try self.confirmation.ask("Delete the access key \(self.key) of \(self.user)?")
        let answer = try await self.connection.call(
            "keyturn.DeleteAccessKey",
            try self.account.input(
                ("UserName", .string(self.user)),
                ("AccessKeyId", .string(self.key))
            )
        )
        self.output.show(answer) { "\($0.cell("AccessKeyId"))  deleted\n" }
    }
}
