import ArgumentParser
import Glibc

/// Measures Keyturn against the least that the same work costs (`deploy/bench`).
@main struct KeyturnBench: AsyncParsableCommand {
    /// All benchmarks, in the order in which they run.
    static let benchmarks: [any Benchmark.Type] = [
        RotationBenchmark.self, EngineBenchmark.self, ScaleBenchmark.self, HTTPBenchmark.self,
    ]

    static let configuration = CommandConfiguration(
        commandName: "keyturn-bench",
        abstract: "Measures Keyturn against the least that the same work costs.",
        subcommands: [MeasureCommand.self, EngineCommand.self, BareServerCommand.self],
        defaultSubcommand: MeasureCommand.self
    )

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Self.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Self.exit(withError: error)
        }
    }
}
