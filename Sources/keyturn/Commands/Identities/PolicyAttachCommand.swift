import ArgumentParser
import SecretModel

struct PolicyAttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Gives a managed policy to a user or a role or, with --document, one of its own.",
        discussion: """
            Examples:
              keyturn policy attach readers --user ann
              keyturn policy attach own-secrets --role deployer --document own-secrets.json
            """
    )

    @Argument(help: "Name of the policy.")
    var name: String

    @Option(help: "File with a policy of its own (inline).")
    var document: String?

    @OptionGroup var holder: HolderOptions
    @OptionGroup var call: IdentityCall

    func run() async throws {
        let text = try self.document.map { try TextFile.read($0, next: "give the path of a file with a policy as --document") }
        try await self.call.show(
            "AttachPolicy",
            [("PolicyName", .string(self.name)), ("PolicyDocument", text.map { .string($0) })] + self.holder.members
        ) { "\($0.cell("Arn"))  has \($0.cell("PolicyName"))\n" }
    }
}
