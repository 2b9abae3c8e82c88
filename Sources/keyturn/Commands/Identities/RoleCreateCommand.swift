import ArgumentParser
import SecretModel

struct RoleCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a role, which those whom its trust policy names may assume.",
        discussion: """
            Examples:
              keyturn role create deployer --trust trust.json
              keyturn role create deployer --trust trust.json --tag team=payments
            """
    )

    @Argument(help: "Name: letters, digits and _+=,.@-")
    var name: String

    @Option(help: "File with the trust policy.")
    var trust: String

    @Option(name: .customLong("tag"), help: "A tag, KEY=VALUE; policies see it as aws:PrincipalTag/KEY.")
    var tags: [String] = []

    @Option(help: "How long a session may last: 3600 (default) to 43200.")
    var maxSessionSeconds: Int?

    @Option(help: "Managed policy that says the most that it may.")
    var boundary: String?

    @OptionGroup var call: IdentityCall

    func run() async throws {
        let trust = try TextFile.read(self.trust, next: "give the path of a file with a trust policy as --trust")
        try await self.call.show(
            "CreateRole",
            [
                ("RoleName", .string(self.name)), ("AssumeRolePolicyDocument", .string(trust)), ("Tags", try KeyValue.tags(self.tags)),
                ("MaxSessionDuration", self.maxSessionSeconds.map { .integer($0) }),
                ("PermissionsBoundary", self.boundary.map { .string($0) }),
            ]
        ) { "\($0.cell("Arn"))\nnext: keyturn policy attach POLICY --role \(self.name)\n" }
    }
}
