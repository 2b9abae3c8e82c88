import ArgumentParser
import SecretModel

struct RotatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotator",
        abstract: "What performs rotations.",
        subcommands: [RotatorListCommand.self]
    )
}

struct RotatorListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists built-in rotators and scripts, and what is wrong with scripts that are not used.",
        discussion: """
            Examples:
              keyturn rotator list
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.ListRotators")
        self.output.show(answer) { json in
            var table = TextTable("ROTATOR", "STRATEGY", "ADMIN SECRET", "FROM", "WHAT IT DOES")
            for rotator in json["Rotators"]?.arrayValue ?? [] {
                let admin = rotator["RequiresAdmin"]?.boolValue == true ? "required" : "optional"
                table.add(rotator.cell("Name"), rotator.cell("Strategy"), admin, rotator.cell("Origin"), rotator.cell("Summary"))
            }
            let problems = (json["Problems"]?.arrayValue ?? []).compactMap(\.stringValue).map { "✗ \($0)\n" }.joined()
            return table.text + problems
        }
    }
}
