import ArgumentParser
import SecretModel

struct UserCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a user, who may do nothing until a policy is attached.",
        discussion: """
            Examples:
              keyturn user create ann
              keyturn user create ann --tag team=payments --account 123456789012
            """
    )

    @Argument(help: "Name: letters, digits and _+=,.@-")
    var name: String

    @Option(name: .customLong("tag"), help: "A tag, KEY=VALUE; policies see it as aws:PrincipalTag/KEY.")
    var tags: [String] = []

    @Option(help: "Managed policy that says the most that it may.")
    var boundary: String?

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show(
            "CreateUser",
            [
                ("UserName", .string(self.name)), ("Tags", try KeyValue.tags(self.tags)),
                ("PermissionsBoundary", self.boundary.map { .string($0) }),
            ]
        ) { json in
            "\(json.cell("Arn"))\n"
                + "next: keyturn user key create \(self.name), and keyturn policy attach POLICY --user \(self.name)\n"
        }
    }
}
