import Access
import ArgumentParser
import Daemon
import SecretModel

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an installation: root key, store, certificate authority, first access key.",
        discussion: """
            The access key and the recovery key are shown once and kept nowhere in the clear.

            EXAMPLES
              keyturn init --data /var/lib/keyturn
              keyturn init --data ./keys
            """
    )

    @Option(help: ArgumentHelp("The data directory; it must be new or empty of Keyturn's files.", valueName: "dir"))
    var data = "/var/lib/keyturn"

    func run() async throws {
        let made = try await NewInstallation.make(in: DataDirectory(self.data), now: SystemClock.now())
        StandardStream.output.write(
            """
            Keyturn is installed in \(made.directory.path).

            First access key of the administrator, shown this once:
              AWS_ACCESS_KEY_ID=\(made.administratorKey.id)
              AWS_SECRET_ACCESS_KEY=\(made.administratorKey.secret.string ?? "")

            Recovery key, shown this once. Keep it away from this machine; `keyturn key recover` makes a lost root key file from it.
              \(made.recoveryKey.string ?? "")

            Root key file:          \(made.directory.rootKey)  (back it up, apart from the store)
            Certificate authority:  \(made.directory.authorityCertificate)  (what clients trust: AWS_CA_BUNDLE)

            Next: keyturn serve --data \(ShellQuoting.quote(made.directory.path))

            """
        )
    }
}
