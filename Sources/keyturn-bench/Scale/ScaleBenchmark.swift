import Foundation
import SecretModel
import TestSupport

/// (c) of the benchmarks: cost must follow what is due, not what exists.
enum ScaleBenchmark: Benchmark {
    static let name = "scale"
    static let summary = "1,000,000 secrets: start-up, memory, a look with nothing due, and 10,000 due ones rotated"

    static func run(_ options: BenchmarkOptions) async throws -> [Figure] {
        let empty = try await BenchInstallation.make(in: "\(options.scratch)/empty", keyturn: options.keyturn)
        let installation = try await BenchInstallation.make(in: "\(options.scratch)/full", keyturn: options.keyturn)
        let due = options.amount(10_000)
        let store = ScaleStore(installation: installation, whole: due + 1, count: options.amount(1_000_000))
        Progress.note("   filling a store")
        try await store.fill(at: .current)
        Progress.note("   \(Figure.text(try store.size())) MB; starting the daemon")
        let daemons = (without: try await self.daemon(on: empty), with: try await self.daemon(on: installation))
        let idle = (without: try await self.engine(on: empty, "--ticks=200"), with: try await self.engine(on: installation, "--ticks=200"))

        try store.makeDue(due, at: .current)
        Progress.note("   rotating \(due) secrets")
        let drained = try await self.engine(on: installation, "--drain")
        let succeeded = try store.succeededRuns()
        guard succeeded == due else { throw FixtureError("\(succeeded) of \(due) due secrets rotated") }

        func figure(_ name: String, _ value: Double, _ unit: String, beside baseline: Double?, _ goal: Goal? = nil) -> Figure {
            Figure(
                name: "\(self.name)/\(name)",
                value: value,
                unit: unit,
                baseline: baseline,
                baselineName: baseline.map { _ in "empty store" },
                goal: goal
            )
        }
        return [
            figure("start-up", daemons.with.startUp, "ms", beside: daemons.without.startUp, .atMost(2_000)),
            figure("daemon-memory", daemons.with.memory.peak, "MB", beside: daemons.without.memory.peak, .atMost(150)),
            figure("tick-median", idle.with.tickMedian, "ms", beside: idle.without.tickMedian, .atMost(10)),
            figure("tick-worst", idle.with.tickWorst, "ms", beside: idle.without.tickWorst, .atMost(10)),
            figure("overdue-look-median", idle.with.overdueMedian, "ms", beside: idle.without.overdueMedian),
            figure("drain-memory", drained.memory.peak, "MB", beside: idle.without.memory.peak, .atMost(250)),
            figure("drain-rate", Double(due) / drained.seconds, "1/s", beside: nil),
        ]
    }

    /// Starts the daemon, and lets it do what it does at once and soon after.
    private static func daemon(on installation: BenchInstallation) async throws -> (startUp: Double, memory: ProcessMemory) {
        let daemon = try await RunningDaemon.start(installation)
        // The scheduler looks every half minute, the overdue detector and the housekeeping begin at once.
        try await Task.sleep(for: .seconds(10))
        let memory = try daemon.memory()
        try await daemon.stop()
        return (daemon.startUp / .milliseconds(1), memory)
    }

    private static func engine(on installation: BenchInstallation, _ task: String) async throws -> EngineCommand.Outcome {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let output = try await Tool.run([program, "engine", "--data", installation.directory, task])
        return try JSONDecoder().decode(EngineCommand.Outcome.self, from: Data(output.utf8))
    }
}
