import Access
import ArgumentParser
import Daemon
import Logging
import SecretModel

struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Serve from a scratch store until stopped, for development and tests.",
        discussion: """
            Once it serves it prints `export` lines to evaluate, then `# ready`. It asks nothing and leaves nothing behind.

            EXAMPLES
              keyturn dev
              keyturn dev --port 8443 --regions eu-central-1,us-east-1 --rotators ./rotators
            """
    )

    @OptionGroup var serving: ServingOptions

    @Option(help: ArgumentHelp("Keep the store here instead of in a scratch directory.", valueName: "dir"))
    var data: String?

    @Option(help: "The port of 127.0.0.1 to listen on; a free one if left out.")
    var port: UInt16 = 0

    func run() async throws {
        self.serving.startLogging()
        let region = self.serving.regions.first?.description ?? "us-east-1"
        try await DevelopmentDaemon.run(directory: self.data, logger: Logger(label: "keyturn")) { directory throws(DaemonError) in
            var settings = try Settings(readFrom: directory)
            settings.listen = ListenAddress.standard.with(port: Int(self.port))
            settings.endsOnHangup = true
            self.serving.apply(to: &settings)
            return settings
        } onReady: { ready in
            StandardStream.output.write(Self.exports(ready, region: region))
        }
    }

    private static func exports(_ ready: Daemon.Ready, region: String) -> String {
        var variables = [
            ("AWS_ENDPOINT_URL", ready.endpoint),
            ("AWS_ACCESS_KEY_ID", ready.administratorKey.id),
            ("AWS_SECRET_ACCESS_KEY", ready.administratorKey.secret.string ?? ""),
            ("AWS_DEFAULT_REGION", region),
        ]
        // Without TLS there is none to trust, and the aws CLI refuses an empty one.
        if let authority = ready.authorityCertificate { variables.append(("AWS_CA_BUNDLE", authority)) }
        return variables.map { "export \($0)=\(ShellQuoting.quote($1))\n" }.joined() + "# ready\n"
    }
}
