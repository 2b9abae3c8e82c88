/// One measured figure beside its baseline, both from the same run: absolute times say little about another machine, ratios do.
struct Figure: Codable, Sendable {
    /// The benchmark, and what of it was measured: `rotation/postgres-single-user`.
    var name: String
    var value: Double
    /// `ms`, `1/s`, `MB`, …
    var unit: String
    /// What the value is held against, in the same unit.
    var baseline: Double?
    /// What the baseline is, in a few words.
    var baselineName: String?
    /// The most that value / baseline may be (or, where more is better, the least), or the most that the value may be where there is no baseline.
    var goal: Goal?

    /// Value / baseline.
    var ratio: Double? { self.baseline.map { self.value / $0 } }
}

/// What a figure is to reach.
enum Goal: Codable, Sendable {
    case atMost(Double)
    case atLeast(Double)
    case ratioAtMost(Double)
    case ratioAtLeast(Double)
}

/// A group of figures.
protocol Benchmark: Sendable {
    /// What `deploy/bench NAME` selects it by.
    static var name: String { get }
    /// One line for `--help`.
    static var summary: String { get }

    /// Measures. Prints progress to standard error; never to standard output.
    static func run(_ options: BenchmarkOptions) async throws -> [Figure]
}

/// What the command line says to every benchmark.
struct BenchmarkOptions: Sendable {
    /// A tenth of the work, to see that everything runs; the figures mean little.
    var isQuick: Bool
    /// Where scratch files and server data go: a directory on the disk that is measured.
    var scratch: String
}
