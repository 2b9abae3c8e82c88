import ArgumentParser
import Daemon

struct CACommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Print the certificate of the installation's authority, which clients must trust.",
        discussion: """
            EXAMPLES
              keyturn ca --data /var/lib/keyturn > keyturn-ca.pem
              AWS_CA_BUNDLE=keyturn-ca.pem aws secretsmanager list-secrets
            """
    )

    @Option(help: ArgumentHelp("The data directory that `keyturn init` made.", valueName: "dir"))
    var data = "/var/lib/keyturn"

    func run() throws {
        StandardStream.output.write(try DataDirectory(self.data).readAuthorityCertificate())
    }
}
