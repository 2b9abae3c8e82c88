import ArgumentParser
import Daemon

@main
struct Keyturn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keyturn",
        abstract: "Keeps secrets, and turns them on schedule.",
        subcommands: [
            InitCommand.self, ServeCommand.self, DevCommand.self, CACommand.self, KeyCommand.self, SecretCommand.self, RotateCommand.self,
            RotationCommand.self, ProbeCommand.self, RotatorCommand.self, PlanCommand.self, ApplyCommand.self, AlertsCommand.self,
            AuditCommand.self, UserCommand.self, RoleCommand.self, PolicyCommand.self, DoctorCommand.self,
        ]
    )

    static func main() async {
        ProcessHardening.ignoreBrokenPipes()
        do {
            try ProcessHardening.forbidCoreDumps()
            var command = try Self.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Self.exit(withError: CommandError.report(error))
        }
    }
}
