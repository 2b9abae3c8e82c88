import ArgumentParser
import SecretModel

struct RoleUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Changes who may assume a role, or how long its sessions may last. Sessions that there are go on.",
        discussion: """
            Examples:
              keyturn role update deployer --trust trust.json
              keyturn role update deployer --max-session-seconds 43200
            """
    )

    @Argument(help: "Name of the role.")
    var name: String

    @Option(help: "File with the trust policy.")
    var trust: String?

    @Option(help: "How long a session may last: 3600 to 43200.")
    var maxSessionSeconds: Int?

    @OptionGroup var call: IdentityCall

    func validate() throws {
        guard self.trust != nil || self.maxSessionSeconds != nil else {
            throw ValidationError("say what to change: --trust FILE or --max-session-seconds N")
        }
    }

    func run() async throws {
        let trust = try self.trust.map { try TextFile.read($0, next: "give the path of a file with a trust policy as --trust") }
        try await self.call.show(
            "UpdateRole",
            [
                ("RoleName", .string(self.name)), ("AssumeRolePolicyDocument", trust.map { .string($0) }),
                ("MaxSessionDuration", self.maxSessionSeconds.map { .integer($0) }),
            ]
        ) { IdentityText.details($0) }
    }
}
