import ArgumentParser
import Foundation

/// Runs benchmarks and prints their figures.
struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Run benchmarks and print their figures as a table.",
        discussion: """
            Each figure stands beside a baseline that was measured in the same run. The exit code is 0 also where a goal is missed, unless
            --strict is given; it is 70 where a benchmark could not be run.
            """
    )

    /// `EX_SOFTWARE` of <sysexits.h>.
    private static let incomplete = ExitCode(70)

    @Argument(help: "The benchmarks to run; all if left out.")
    var names: [String] = []

    @Flag(help: "A tenth of the work, to see that everything runs; the figures mean little.")
    var quick = false

    @Flag(help: "Exit with 1 where a goal is missed.")
    var strict = false

    @Flag(help: "Name the benchmarks and exit.")
    var list = false

    @Option(help: ArgumentHelp("Where the figures are written as JSON; DIR/figures.json if left out.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Where scratch files go, on the disk that is to be measured.", valueName: "dir"))
    var work = ".build-bench"

    @Option(help: ArgumentHelp("The program keyturn; the one beside this program if left out.", valueName: "file"))
    var keyturn: String?

    func run() async throws {
        guard !self.list else {
            for benchmark in KeyturnBench.benchmarks { print("\(benchmark.name): \(benchmark.summary)") }
            return
        }
        let benchmarks = try self.selection()
        let work = try WorkDirectory(self.work)
        if try work.isInMemory { Progress.note("\(work.path) is a file system in memory: commits cost nothing there, so figures mislead") }
        let start = Date()
        let outcome = try await work.withScratch { try await self.measure(benchmarks, scratch: $0) }
        print(FigureTable.text(outcome.figures), terminator: "")
        let file = self.json ?? work.path + "/figures.json"
        try Report(outcome.figures, isQuick: self.quick, startedAt: start).write(to: file)
        Progress.note("the same as JSON: \(file)")

        let missed = outcome.figures.filter { $0.isMet == false }.map(\.name)
        if !missed.isEmpty { Progress.note("\(missed.count) goals MISSED: \(missed.joined(separator: ", "))") }
        if self.quick { Progress.note("this was a quick run: its figures mean little") }
        guard outcome.failures == 0 else { throw Self.incomplete }
        if self.strict, !missed.isEmpty { throw ExitCode.failure }
    }

    private func selection() throws -> [any Benchmark.Type] {
        let known = KeyturnBench.benchmarks.map { $0.name }
        if let unknown = self.names.first(where: { !known.contains($0) }) {
            throw ValidationError("there is no benchmark `\(unknown)`; there are \(known.joined(separator: ", "))")
        }
        return KeyturnBench.benchmarks.filter { self.names.isEmpty || self.names.contains($0.name) }
    }

    /// A benchmark that fails does not hinder the others.
    private func measure(_ benchmarks: [any Benchmark.Type], scratch: String) async throws -> (figures: [Figure], failures: Int) {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let sibling = URL(fileURLWithPath: program).deletingLastPathComponent().appendingPathComponent("keyturn").path
        var figures: [Figure] = []
        var failures = 0
        for benchmark in benchmarks {
            Progress.note("== \(benchmark.name): \(benchmark.summary)")
            let start = ContinuousClock.now
            do {
                let directory = "\(scratch)/\(benchmark.name)"
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
                let options = BenchmarkOptions(isQuick: self.quick, scratch: directory, keyturn: self.keyturn ?? sibling)
                figures += try await benchmark.run(options)
            } catch {
                failures += 1
                Progress.note("\(benchmark.name) could not be measured: \(error)")
            }
            Progress.note("   \(Figure.text((ContinuousClock.now - start) / .seconds(1))) s")
        }
        return (figures, failures)
    }
}
