import ArgumentParser
import SecretModel

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks the daemon, its store, its rotators and every secret that rotates; changes nothing.",
        discussion: """
            Exit code 1 if something is marked ✗.

            Examples:
              keyturn doctor
              keyturn doctor --output json
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.CheckHealth", deadline: .seconds(300))
        let findings = answer["Findings"]?.arrayValue ?? []
        self.output.show(answer) { _ in FindingsTable.text(findings) }
        if FindingsTable.hasFailure(findings) { throw ExitCode(CommandError.Code.failed.rawValue) }
    }
}
