import ArgumentParser
import SecretModel

struct PolicyDetachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach",
        abstract: "Takes a policy from a user or a role; one of its own is gone with that.",
        discussion: """
            Examples:
              keyturn policy detach readers --user ann
              keyturn policy detach own-secrets --role deployer
            """
    )

    @Argument(help: "Name of the policy.")
    var name: String

    @OptionGroup var holder: HolderOptions
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("DetachPolicy", [("PolicyName", .string(self.name))] + self.holder.members) {
            "\($0.cell("Arn"))  no longer has \($0.cell("PolicyName"))\n"
        }
    }
}
