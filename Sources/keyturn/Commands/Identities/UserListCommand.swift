import ArgumentParser
import SecretModel

struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the users of an account.",
        discussion: """
            Examples:
              keyturn user list
              keyturn user list --account 123456789012 --output json
            """
    )

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.ListUsers", try self.account.input())
        self.output.show(answer) { IdentityText.table($0["Users"]?.arrayValue ?? [], "User") }
    }
}
