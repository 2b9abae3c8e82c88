import ArgumentParser
import Daemon
import SecretModel

/// For commands that print a result.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "table or json.")
    var output: OutputFormat = .table

    func show(_ json: JSONValue, table: (JSONValue) -> String) {
        switch self.output {
        case .json: StandardStream.output.line(json.indented())
        case .table: StandardStream.output.write(table(json))
        }
    }
}
