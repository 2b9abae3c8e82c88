import ArgumentParser
import Daemon
import Logging
import SecretModel

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the API and turn secrets on schedule.",
        discussion: """
            EXAMPLES
              keyturn serve --data /var/lib/keyturn --listen 0.0.0.0:8443
              keyturn serve --data ./keys --plain-http
            """
    )

    @OptionGroup var serving: ServingOptions

    @Option(help: ArgumentHelp("The data directory that `keyturn init` made.", valueName: "dir"))
    var data = "/var/lib/keyturn"

    @Option(help: ArgumentHelp("Where to listen; \(ListenAddress.standard) if neither this nor keyturn.yaml says.", valueName: "host:port"))
    var listen: String?

    @Flag(help: "Serve HTTP instead of HTTPS, on a loopback address only.")
    var plainHttp = false

    func run() async throws {
        var settings = try Settings(readFrom: DataDirectory(self.data))
        if let listen { settings.listen = try ListenAddress(listen) }
        if self.plainHttp { settings.isPlainHTTP = true }
        self.serving.apply(to: &settings)
        self.serving.startLogging()
        try await Daemon(settings: settings, logger: Logger(label: "keyturn")).run { _ in }
    }
}
