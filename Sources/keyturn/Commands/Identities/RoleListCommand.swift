import ArgumentParser
import SecretModel

struct RoleListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the roles of an account.",
        discussion: """
            Examples:
              keyturn role list
              keyturn role list --account 123456789012 --output json
            """
    )

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.ListRoles", try self.account.input())
        self.output.show(answer) { IdentityText.table($0["Roles"]?.arrayValue ?? [], "Role") }
    }
}
