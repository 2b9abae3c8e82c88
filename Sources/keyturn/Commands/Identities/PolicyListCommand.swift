import ArgumentParser
import SecretModel

struct PolicyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the managed policies of an account, those that come with Keyturn first.",
        discussion: """
            Examples:
              keyturn policy list
              keyturn policy list --output json
            """
    )

    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.ListPolicies", try self.account.input())
        self.output.show(answer) { json in
            var table = TextTable("POLICY", "COMES WITH KEYTURN", "ATTACHED TO")
            for policy in json["Policies"]?.arrayValue ?? [] {
                let holders = (policy["AttachedTo"]?.arrayValue ?? []).compactMap(\.stringValue)
                table.add(policy.cell("PolicyName"), policy.cell("IsPredefined"), holders.isEmpty ? "-" : holders.joined(separator: ", "))
            }
            return table.text
        }
    }
}
