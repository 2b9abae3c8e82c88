import ArgumentParser
import SecretModel

struct RoleRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Ends all sessions of a role that there are, at once. It can be assumed again.",
        discussion: """
            The role gets a policy of its own, AWSRevokeOlderSessions, which denies everything to sessions issued until now.

            Examples:
              keyturn role revoke deployer
              keyturn role revoke deployer --yes
            """
    )

    @Argument(help: "Name of the role.")
    var name: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try self.confirmation.ask("End all sessions of the role \(self.name)?")
        try await self.call.show("RevokeSessions", [("RoleName", .string(self.name))]) { "\($0.cell("Arn"))  its sessions have ended\n" }
    }
}
