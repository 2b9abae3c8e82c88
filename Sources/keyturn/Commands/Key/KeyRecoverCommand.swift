import ArgumentParser
import Daemon

struct KeyRecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Make the lost root key file again from the recovery key that `keyturn init` showed.",
        discussion: """
            The recovery key comes from a prompt or from standard input. The daemon must not run, and the root key file must not exist.

            EXAMPLES
              keyturn key recover --data /var/lib/keyturn
            """
    )

    @Option(help: ArgumentHelp("The data directory that `keyturn init` made.", valueName: "dir"))
    var data = "/var/lib/keyturn"

    func run() async throws {
        let directory = DataDirectory(self.data)
        try await RootKeyRecovery.recover(in: directory, with: try ValueSource.readText(prompt: "Recovery key: "))
        StandardStream.output.line("\(directory.rootKey) is there again. Next: keyturn serve --data \(ShellQuoting.quote(directory.path))")
    }
}
