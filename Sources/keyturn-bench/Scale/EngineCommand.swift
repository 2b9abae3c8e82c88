import Alerting
import ArgumentParser
import Encryption
import Foundation
import Logging
import RotationEngine
import RotationModel
import SecretModel
import Storage
import TestSupport

/// The engine on a filled store in a process of its own, so that the memory measured is the engine's. Called by `ScaleBenchmark`.
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "engine", abstract: "Part of `scale`.", shouldDisplay: false)

    /// What it prints, as JSON.
    struct Outcome: Codable {
        /// Of the looks at the store with nothing due, in milliseconds.
        var tickMedian: Double
        var tickWorst: Double
        /// What the looks of the overdue detector took, in milliseconds.
        var overdueMedian: Double
        /// What the rotations took.
        var seconds: Double
        var memory: ProcessMemory
    }

    @Option(help: "The data directory.")
    var data: String

    @Option(help: "How many looks with nothing due are measured.")
    var ticks = 0

    @Flag(help: "Rotate what is due until nothing is.")
    var drain = false

    func run() async throws {
        let outcome = try await BenchInstallation.open(self.data) { store, keyring in try await self.measure(store, keyring) }
        print(String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self))
    }

    private func measure(_ store: Store, _ keyring: Keyring) async throws -> Outcome {
        guard let rotator = InstantRotator() else { throw FixtureError("no rotator") }
        let parts = EngineParts(
            store: store,
            keyring: keyring,
            alerts: AlertRecorder(sinks: []),
            rotators: OneRotator(rotator: rotator),
            time: EngineTime(now: { .current }),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        )
        var settings = EngineSettings(owner: "bench")
        settings.startUpBurst = .max
        settings.concurrentRuns = 64
        settings.runsPerTarget = 4
        let scheduler = RotationScheduler(parts: parts, settings: settings)
        let detector = OverdueDetector(parts: parts, settings: settings)
        let ticks = await Samples.measuring(self.ticks) { await scheduler.workOnce() }
        let overdue = await Samples.measuring(self.ticks) { await detector.look() }

        let start = ContinuousClock.now
        if self.drain { try await self.drain(scheduler, store) }
        return Outcome(
            tickMedian: ticks.median,
            tickWorst: ticks.percentile(1),
            overdueMedian: overdue.median,
            seconds: (ContinuousClock.now - start) / .seconds(1),
            memory: try ProcessMemory(of: "self")
        )
    }

    /// Runs the scheduler as the daemon does, until everything that was due has rotated.
    private func drain(_ scheduler: RotationScheduler, _ store: Store) async throws {
        let running = Task { try await scheduler.run() }
        try await eventually("the end of all runs", within: .seconds(600)) {
            try await store.read { store in
                if let next = try store.nextWakeUp(), next <= .current { return false }
                return try store.liveRuns().isEmpty
            }
        }
        scheduler.stop()
        try await running.value
    }
}
