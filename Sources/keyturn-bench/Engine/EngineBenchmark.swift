import Alerting
import Encryption
import Logging
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Storage
import TestSupport

/// The engine alone: targets that answer at once, every commit on disk. Beside it what the same disk takes of commits of one row each, by
/// one writer, just before and after.
enum EngineBenchmark: Benchmark {
    static let name = "engine"
    static let summary = "rotations a second with a target that answers at once, beside one-row commits a second of the same disk"

    /// So many runs at the same time.
    private static let concurrencies = [64, 256]

    static func run(_ options: BenchmarkOptions) async throws -> [Figure] {
        let commits = try RawCommits(in: options.scratch)
        var figures: [Figure] = []
        for concurrency in self.concurrencies {
            let before = try commits.perSecond(options.amount(2_000))
            let count = options.amount(concurrency * 40)
            let site = try await Site("\(options.scratch)/engine-\(concurrency).db", secrets: count, Self.rotator)
            let drained = try await site.drain(concurrency)
            let after = try commits.perSecond(options.amount(2_000))
            figures.append(
                Figure(
                    name: "engine/\(concurrency)-runs",
                    value: Double(count) / (drained.elapsed / .seconds(1)),
                    unit: "1/s",
                    baseline: (before + after) / 2,
                    baselineName: "one-row commits",
                    goal: .ratioAtLeast(0.5)
                )
            )
            let cost = drained.processorTime / .microseconds(1) / Double(count)
            figures.append(Figure(name: "engine/\(concurrency)-processor-time", value: cost, unit: "µs"))
        }
        let count = options.amount(200)
        let timed = StepTimes(rotator: try Self.rotator)
        let site = try await Site("\(options.scratch)/engine-1.db", secrets: count, timed)
        return figures + (try await site.steps(of: count, timed))
    }

    private static var rotator: InstantRotator {
        get throws {
            guard let rotator = InstantRotator() else { throw FixtureError("no rotator") }
            return rotator
        }
    }

    /// A store with secrets that are due.
    private struct Site {
        private let parts: EngineParts
        private let store: Store

        init(_ path: String, secrets count: Int, _ rotator: any Rotator) async throws {
            let keyring = try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring
            self.store = try await Store.open(path: path)
            self.parts = EngineParts(
                store: self.store,
                keyring: keyring,
                alerts: AlertRecorder(sinks: []),
                rotators: OneRotator(rotator: rotator),
                time: EngineTime(now: { .current }),
                logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
            )
            // Rotated two days ago, due since one.
            let then = Timestamp.current - .days(2)
            try await self.store.write { store in
                for number in 0..<count { try ScaleStore.insert(number, at: then, keyring, in: store) }
            }
        }

        private func scheduler(_ concurrency: Int) -> RotationScheduler {
            var settings = EngineSettings(owner: "bench")
            settings.startUpBurst = .max
            settings.concurrentRuns = concurrency
            settings.runsPerTarget = concurrency
            return RotationScheduler(parts: self.parts, settings: settings)
        }

        /// - Returns: How long it took until nothing was due, and the processor time of it.
        func drain(_ concurrency: Int) async throws -> (elapsed: Duration, processorTime: Duration) {
            let scheduler = self.scheduler(concurrency)
            let (start, used) = (ContinuousClock.now, try ProcessTime.used(by: "self"))
            let running = Task { try await scheduler.run() }
            try await eventually("the end of all runs", within: .seconds(300)) {
                try await self.store.read { store in
                    if let next = try store.nextWakeUp(), next <= .current { return false }
                    return try store.liveRuns().isEmpty
                }
            }
            let outcome = (elapsed: ContinuousClock.now - start, processorTime: try ProcessTime.used(by: "self") - used)
            scheduler.stop()
            try await running.value
            try self.store.close()
            return outcome
        }

        /// One run after the other: where the time of a rotation goes.
        func steps(of count: Int, _ times: StepTimes) async throws -> [Figure] {
            let scheduler = self.scheduler(1)
            for _ in 0..<count {
                times.mark("begin")
                await scheduler.workOnce()
                times.mark("end")
            }
            try self.store.close()
            // Start and claim until createSecret is called; the value's commit; how soon the login begins; the promotion's commit.
            let parts = [
                ("claim", "begin", "createSecret"), ("create-commit", "createSecret", "setSecret"),
                ("login-begins", "setSecret", "testSecret"), ("promotion", "testSecret", "end"), ("whole", "begin", "end"),
            ]
            return parts.map { name, from, to in
                Figure(name: "engine/alone-\(name)", value: times.mean(from: from, to: to), unit: "ms")
            }
        }
    }
}
