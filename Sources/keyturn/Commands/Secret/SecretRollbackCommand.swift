import ArgumentParser
import SecretModel

struct SecretRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Moves AWSCURRENT back to the version that has AWSPREVIOUS, if that one still logs in.",
        discussion: """
            No target is changed. The previous version is probed first: if it does not log in, nothing moves, unless --force is given.

            Examples:
              keyturn secret rollback prod/db/app
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @Flag(help: "Move the label although the previous version could not be proven to log in.")
    var force = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call(
            "keyturn.RollBackSecret",
            ["SecretId": .string(self.name), "Force": .bool(self.force)]
        )
        self.output.show(answer) { "\($0.cell("Name"))  AWSCURRENT is version \($0.cell("VersionId")) again\n" }
    }
}
