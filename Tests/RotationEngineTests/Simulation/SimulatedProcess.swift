import Alerting
import Logging
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

/// One life of a daemon. Whatever it does passes a gate, at which it may die: then nothing of it reaches store or target any more.
final class SimulatedProcess: Sendable {
    /// Where a process may die or be paused.
    enum Point: Sendable {
        case clock, read, willCommit, didCommit, call, answer

        fileprivate var death: SimulationReport.Coverage {
            switch self {
            case .clock, .read: .deathsAtClock
            case .willCommit: .deathsBeforeCommit
            case .didCommit: .deathsAfterCommit
            case .call: .deathsAtCall
            case .answer: .deathsAfterCall
            }
        }
    }

    /// What a dead process gets for an answer.
    struct Died: Error {}

    private struct State {
        var isDead = false
        /// After how many more points it dies.
        var pointsLeft: Int?
        /// The kind of points that count; `nil` for all.
        var deathPoint: Point?
        var pausedUntil: Duration?
        /// How long it is to be paused at its next call.
        var nextPause: Duration?
        var requestCommits = 0
        var mourner: CheckedContinuation<Void, Never>?
        var scheduler: RotationScheduler?
    }

    let world: SimulatedWorld
    let name: String
    /// What this node's wall clock is wrong by beside the others.
    private let skew: Duration
    private let state = Confined(State())

    init(_ world: SimulatedWorld, node: Int, life: Int) {
        self.world = world
        self.name = "n\(node).\(life)"
        self.skew = node == 0 ? .zero : .milliseconds(700 * Int64(node))
        self.state.value.scheduler = RotationScheduler(parts: self.parts(self.engineGate), settings: self.settings)
    }

    var isDead: Bool { self.state.value.isDead }
    var scheduler: RotationScheduler? { self.state.value.scheduler }
    var requests: RotationRequests { RotationRequests(parts: self.parts(self.requestGate), scheduler: self.scheduler) }
    var detector: OverdueDetector { OverdueDetector(parts: self.parts(self.engineGate), settings: self.settings) }

    /// How many transactions of requests, not of the engine, were committed.
    var requestCommits: Int { self.state.value.requestCommits }

    var secrets: SecretService { self.secrets(self.requestGate) }

    /// The daemon's own work: no request commits with it.
    var sweep: DeletionSweep { DeletionSweep(secrets: self.secrets(self.engineGate)) }

    private func secrets(_ gate: StoreGate) -> SecretService {
        let random = self.world.random
        let alerts = AlertRecorder(sinks: ["pager"])
        return SecretService(
            store: self.world.store.seen(through: gate),
            keyring: self.world.keyring,
            deletionHook: { secret, now, store in try alerts.record(.secretDeleted, of: secret, at: now, in: store) },
            random: RandomSource { random.number() },
            logger: self.logger
        )
    }

    var now: Timestamp { self.world.clock.now + self.skew }

    var settings: EngineSettings {
        var settings = EngineSettings(owner: self.name)
        settings.isAlone = self.world.plan.nodes == 1
        settings.tick = .days(1)
        return settings
    }

    private var logger: Logger {
        Logger(label: self.name) { _ in SimulationLog(process: self.name, world: self.world) }
    }

    private func parts(_ gate: StoreGate) -> EngineParts {
        let (random, clock) = (self.world.random, self.world.clock)
        return EngineParts(
            store: self.world.store.seen(through: gate),
            keyring: self.world.keyring,
            alerts: AlertRecorder(sinks: ["pager"]),
            rotators: SimulatedRegistry(self),
            time: EngineTime(
                now: {
                    self.reach(.clock)
                    return self.now
                },
                instant: {
                    self.reach(.clock)
                    return clock.instant
                },
                sleep: { duration in
                    guard !self.isDead else { throw CancellationError() }
                    try await clock.sleep(duration)
                    await self.stand()
                    guard !self.isDead else { throw CancellationError() }
                }
            ),
            randomness: EngineRandomness { random.number() },
            logger: self.logger
        )
    }

    private var engineGate: StoreGate { self.gate {} }
    private var requestGate: StoreGate { self.gate { self.state.value.requestCommits += 1 } }

    private func gate(_ onCommit: @escaping @Sendable () -> Void) -> StoreGate {
        StoreGate(
            willBegin: { access in
                try await self.pass(access == .read ? .read : .willCommit)
                self.world.count(access == .read ? .reads : .commits)
                guard access == .write, self.world.isDiskFull else { return }
                self.world.count(.failedCommits)
                throw StoreError.outOfSpace
            },
            didCommit: { access in
                guard access == .write else { return }
                onCommit()
                await self.world.model.observe(self)
                try await self.pass(.didCommit)
                guard self.world.troubles, self.world.plan.healthyHosts == 0, self.world.random.chance(self.world.plan.faults / 50) else {
                    return
                }
                self.world.count(.lostCommits)
                throw StoreError.failed("the answer to the commit was lost")
            }
        )
    }
}

/// Death and pauses.
extension SimulatedProcess {
    /// Lets the process die soon: at any point, of which most are looks at the clock, or at one of a certain kind.
    func dieSoon() {
        guard self.state.value.pointsLeft == nil else { return }
        let random = self.world.random
        self.state.value.deathPoint = random.pick([nil, .willCommit, .didCommit, .call, .answer])
        self.state.value.pointsLeft = random.int(0...(self.state.value.deathPoint == nil ? 30 : 3))
    }

    /// A worker is at a target: the time for what is to befall the process.
    private func atWork() {
        guard self.world.troubles else { return }
        if self.world.random.chance(self.world.plan.crashes / 4) { self.dieSoon() }
        guard let pause = self.state.value.nextPause else { return }
        self.state.value.nextPause = nil
        self.state.value.pausedUntil = self.world.clock.elapsed + pause
        self.world.count(.pauses)
        self.world.note("\(self.name) paused for \(pause)")
    }

    /// Comes to a point, and may die there.
    private func reach(_ point: Point) {
        guard !self.state.value.isDead, let left = self.state.value.pointsLeft else { return }
        guard self.state.value.deathPoint == nil || self.state.value.deathPoint == point else { return }
        self.state.value.pointsLeft = left - 1
        guard left <= 0 else { return }
        self.world.count(point.death)
        self.end("died at \(point)")
    }

    /// Passes a point, unless the process dies there or is dead.
    func pass(_ point: Point) async throws {
        guard !self.isDead else { throw Died() }
        self.reach(point)
        guard !self.isDead else { throw Died() }
        if point == .call || point == .answer { self.atWork() }
        // Between the look at the lease and the call that follows no worker can be held up for longer than the lease's margin is good for.
        await self.stand(atMost: point == .call ? .seconds(8) : nil)
        guard !self.isDead else { throw Died() }
    }

    /// Stands still while the process is paused.
    private func stand(atMost limit: Duration? = nil) async {
        guard let end = self.state.value.pausedUntil, end > self.world.clock.elapsed else { return }
        let left = end - self.world.clock.elapsed
        do { try await self.world.clock.sleep(min(left, limit ?? left)) } catch { return }
    }

    /// Takes the process away, with all that it had in memory.
    func end(_ cause: String) {
        guard !self.state.value.isDead else { return }
        self.state.value.isDead = true
        self.world.note("\(self.name) \(cause)")
        self.world.model.forgetCalls(of: self.name, on: self.world.targets)
        self.state.value.scheduler = nil
        self.state.value.mourner?.resume()
        self.state.value.mourner = nil
    }

    func untilDeath() async {
        guard !self.isDead else { return }
        await withCheckedContinuation { self.state.value.mourner = $0 }
    }
}

extension SimulatedProcess {
    /// Pauses the process soon, most likely while a worker is at work.
    func pauseAtWork(for duration: Duration) { self.state.value.nextPause = duration }

    /// A transaction of a request.
    func commit(_ body: @escaping @Sendable (StoreTransaction) throws -> Void) async throws {
        try await self.world.store.seen(through: self.requestGate).write(body)
    }
}
