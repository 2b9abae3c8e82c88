import Encryption
import Foundation
import NIOConcurrencyHelpers
import Testing

/// Deterministic simulation: scheduler, workers, requests and the real store in a world with a clock, servers, people and troubles of its own.
///
/// `KEYTURN_SIMULATION_SEEDS=N swift test --filter SimulationTests` tries N seeds; `KEYTURN_SIMULATION_SEED=S` tries one and prints all that
/// happened in it.
@Suite(.serialized) struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let chosenSeed: UInt64? = Self.environment["KEYTURN_SIMULATION_SEED"].flatMap { UInt64($0) }
    private static let seeds: UInt64 = Self.environment["KEYTURN_SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 1_000
    private static let keyring = Result { try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring }

    /// Runs a seed on a thread of its own.
    private static func run(_ seed: UInt64) async throws -> SimulationReport {
        let keyring = try Self.keyring.get()
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Simulation.run(SimulationPlan(seed: seed), keyring: keyring)) }
        }
    }

    @Test("a seed takes the same course each time", .enabled(if: Self.chosenSeed == nil), arguments: [2, 8] as [UInt64])
    func isDeterministic(seed: UInt64) async throws {
        let (one, other) = (try await Self.run(seed), try await Self.run(seed))
        #expect(one.history.count > 20)
        let difference = zip(one.history, other.history).enumerated().first { $0.element.0 != $0.element.1 }
        #expect(one.history == other.history, "seed \(seed): line \(difference?.offset ?? -1): \(difference.map { "\($0.element)" } ?? "")")
    }

    @Test("one seed, with all that happened in it", .enabled(if: Self.chosenSeed != nil))
    func oneSeed() async throws {
        let report = try await Self.run(try #require(Self.chosenSeed))
        #expect(report.violations.isEmpty)
    }

    @Test("I1 to I5, I7, I9 to I12 hold in every seed, and every secret rotates once troubles end", .enabled(if: Self.chosenSeed == nil))
    func holds() async throws {
        let start = ContinuousClock.now
        let lanes = ProcessInfo.processInfo.activeProcessorCount
        var totals: [SimulationReport.Coverage: Int] = [:]
        var failed: [SimulationReport] = []
        try await withThrowingTaskGroup(of: [SimulationReport].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var reports: [SimulationReport] = []
                    for seed in stride(from: UInt64(lane + 1), through: Self.seeds, by: lanes) {
                        var report = try await Self.run(seed)
                        if report.violations.isEmpty { report.history = [] } else { Self.tell(report) }
                        reports.append(report)
                    }
                    return reports
                }
            }
            for try await reports in group {
                for report in reports {
                    totals.merge(report.counts, uniquingKeysWith: +)
                    if !report.violations.isEmpty { failed.append(report) }
                }
            }
        }
        self.tell(failed, totals, since: start)
        // A short run cannot meet everything.
        guard Self.seeds >= 1_000 else { return }
        for coverage in SimulationReport.Coverage.allCases {
            #expect(totals[coverage, default: 0] >= 5, "the simulation hardly met \(coverage.rawValue): it proves nothing about it")
        }
    }

    /// At once: a long run that is broken off has told of what it found.
    private static func tell(_ report: SimulationReport) {
        let again = "run again: KEYTURN_SIMULATION_SEED=\(report.seed) swift test --filter SimulationTests"
        Issue.record("seed \(report.seed): \(report.violations.joined(separator: "; ")) (\(again))")
    }

    private func tell(_ failed: [SimulationReport], _ totals: [SimulationReport.Coverage: Int], since start: ContinuousClock.Instant) {
        let counts = SimulationReport.Coverage.allCases.map { "\($0.rawValue) \(totals[$0, default: 0])" }.joined(separator: ", ")
        print("proof: figure simulation/coverage \(counts)")
        let seconds = String(format: "%.2f s", (ContinuousClock.now - start) / .seconds(1))
        let name = "simulation/\(Self.seeds)-seeds"
        if failed.isEmpty {
            print("proof: ok \(name) \(seconds)")
        } else {
            print("proof: FAILED \(name) \(seconds): seeds \(failed.map { String($0.seed) }.joined(separator: ", "))")
        }
    }
}
