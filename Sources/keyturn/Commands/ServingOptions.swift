import ArgumentParser
import Daemon
import Logging
import SecretModel

/// What `serve` and `dev` have in common.
struct ServingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Regions to serve, separated by commas; any if left out.", valueName: "list"), transform: Self.regions)
    var regions: [RegionName] = []

    @Option(help: ArgumentHelp("A directory of script rotators; may be given several times.", valueName: "dir"))
    var rotators: [String] = []

    @Option(help: ArgumentHelp("The least severe log lines to write.", valueName: "level"), transform: Self.level)
    var logLevel: Logger.Level = .info

    @Option(help: "The form of log lines; text on a terminal and json elsewhere if left out.")
    var logFormat: LogFormat?

    /// What is given here wins over `keyturn.yaml`.
    func apply(to settings: inout Settings) {
        if !self.regions.isEmpty { settings.regions = self.regions }
        if !self.rotators.isEmpty { settings.rotatorDirectories = self.rotators }
    }

    func startLogging() {
        LoggingSystem.bootstrap(level: self.logLevel, format: self.logFormat)
    }

    private static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            throw ValidationError(
                "`\(text)` is no log level; the levels are \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return level
    }

    private static func regions(_ list: String) throws -> [RegionName] {
        try list.split(separator: ",").map { text in
            guard let region = RegionName(String(text)) else {
                throw ValidationError("`\(text)` is no region name; one looks like eu-central-1")
            }
            return region
        }
    }
}

extension LogFormat: ExpressibleByArgument {}
