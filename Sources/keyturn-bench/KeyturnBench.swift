/// Measures Keyturn against the least that the same work costs (`deploy/bench`).
@main struct KeyturnBench {
    /// All benchmarks, in the order in which they run.
    static let benchmarks: [any Benchmark.Type] = []

    static func main() async throws {
        for benchmark in Self.benchmarks {
            for figure in try await benchmark.run(BenchmarkOptions(isQuick: false, scratch: "/tmp")) { print(figure) }
        }
    }
}
