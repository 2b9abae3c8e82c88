import Encryption
import RotationEngine
import RotationModel
import SecretModel
import Storage

/// Everything of one simulation that outlives a process: clock, store, servers, and the model that knows the truth.
final class SimulatedWorld: Sendable {
    private struct State {
        var troubles = false
        var isOver = false
        var passwords = 0
        var isDiskFull = false
        /// The process of each node that is up.
        var processes: [Int: SimulatedProcess] = [:]
    }

    let plan: SimulationPlan
    let executor: SimulationExecutor
    let clock: SimulatedClock
    let random: SimulationRandom
    let store: Store
    let keyring: Keyring
    let targets: [SimulatedTarget]
    let model: SimulationModel
    let report: Confined<SimulationReport>
    private let state = Confined(State())

    init(_ plan: SimulationPlan, executor: SimulationExecutor, keyring: Keyring) async throws {
        self.plan = plan
        self.executor = executor
        // A day in spring; over a year's simulation a leap day comes by.
        self.clock = SimulatedClock(Timestamp(seconds: 1_803_556_800))
        self.random = SimulationRandom(seed: plan.seed &* 0x9e37_79b9 &+ 1)
        self.store = try await Store.openInMemory()
        self.keyring = keyring
        self.targets = (0..<plan.hosts).map { SimulatedTarget("h\($0)") }
        self.report = Confined(SimulationReport(seed: plan.seed))
        self.model = SimulationModel(store: self.store, keyring: keyring, clock: self.clock, report: self.report)
    }

    /// Whether things go wrong: not while the world is made, and not in the calm at its end.
    var troubles: Bool {
        get { self.state.value.troubles }
        set { self.state.value.troubles = newValue }
    }

    var isOver: Bool {
        get { self.state.value.isOver }
        set { self.state.value.isOver = newValue }
    }

    var isDiskFull: Bool {
        get { self.state.value.isDiskFull }
        set { self.state.value.isDiskFull = newValue }
    }

    var processes: [Int: SimulatedProcess] {
        get { self.state.value.processes }
        set { self.state.value.processes = newValue }
    }

    /// Nodes that are up, in their order.
    var running: [SimulatedProcess] { self.processes.sorted { $0.key < $1.key }.map(\.value) }

    func target(of credential: Credential) -> SimulatedTarget? { self.targets.first { $0.name == credential.host } }

    /// Whether nothing is ever wrong with a target.
    func isHealthy(_ target: SimulatedTarget) -> Bool { self.targets.prefix(self.plan.healthyHosts).contains { $0 === target } }

    func newPassword() -> String {
        self.state.value.passwords += 1
        return "p\(self.state.value.passwords)"
    }

    func newToken() -> VersionID {
        let random = self.random
        var randomness = EngineRandomness { random.number() }
        return VersionID(using: &randomness)
    }

    func note(_ line: String) { self.model.note(line) }
    func count(_ coverage: SimulationReport.Coverage, if condition: Bool = true) { self.model.count(coverage, if: condition) }

    /// Does something by itself, later.
    func later(_ delay: Duration, _ body: @escaping @Sendable () async -> Void) {
        self.clock.after(delay) { Task(executorPreference: self.executor) { await body() } }
    }
}
