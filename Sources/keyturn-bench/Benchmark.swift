/// A group of figures.
protocol Benchmark: Sendable {
    /// What `deploy/bench NAME` selects it by.
    static var name: String { get }
    /// One line for `--list`.
    static var summary: String { get }

    /// Measures. Tells of its progress by `Progress`; never writes to standard output.
    static func run(_ options: BenchmarkOptions) async throws -> [Figure]
}

/// What the command line says to every benchmark.
struct BenchmarkOptions: Sendable {
    /// A tenth of the work, to see that everything runs; the figures mean little.
    var isQuick: Bool
    /// An empty directory on the disk that is measured, for scratch files and server data. Whatever is left in it is removed at the end.
    var scratch: String
    /// The program `keyturn`, for figures of the real daemon.
    var keyturn: String

    /// `count`, or a tenth of it in a quick run.
    func amount(_ count: Int) -> Int { self.isQuick ? max(1, count / 10) : count }
}
