import ArgumentParser
import SecretModel

struct PolicyExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says whether a user or a role may do something, and which statement decides.",
        discussion: """
            Nothing is done. Keys that follow from the user, the secret and the time are filled in; others, such as
            secretsmanager:VersionStage or aws:SourceIp, are absent unless --context gives them. Exit code 1: it is refused.

            Examples:
              keyturn policy explain --as ann --action secretsmanager:GetSecretValue --resource prod/db/app
              keyturn policy explain --as ann --action secretsmanager:GetSecretValue --resource prod/db/app \\
                --context secretsmanager:VersionStage=AWSCURRENT
            """
    )

    @Option(name: .customLong("as"), help: "Name of the user; role/NAME for a role.")
    var principal: String

    @Option(help: "Such as secretsmanager:GetSecretValue.")
    var action: String

    @Option(help: "Name or ARN of a secret, another ARN, or *.")
    var resource: String

    @Option(help: "A condition key, KEY=VALUE; several of one key are a list.")
    var context: [String] = []

    @OptionGroup var call: IdentityCall

    func run() async throws {
        let role = "role/"
        let isRole = self.principal.hasPrefix(role)
        let answer = try await self.call.show(
            "ExplainAccess",
            [
                (isRole ? "RoleName" : "UserName", .string(isRole ? String(self.principal.dropFirst(role.count)) : self.principal)),
                ("Action", .string(self.action)), ("Resource", .string(self.resource)), ("Context", try KeyValue.context(self.context)),
            ]
        ) { json in
            "\(json.cell("Decision"))  \(json.cell("Action")) on \(json.cell("Resource")) as \(json.cell("Principal"))\n"
                + "  because \(json.cell("Reason"))\n"
        }
        guard answer.cell("Decision") == "allowed" else { throw ExitCode(CommandError.Code.failed.rawValue) }
    }
}
