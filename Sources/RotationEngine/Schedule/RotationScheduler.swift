import Logging
import NIOConcurrencyHelpers
import RotationModel
import Rotators
import SecretModel
import ServiceLifecycle
import Storage

/// Starts runs of due secrets, claims runs, and hands them to workers.
///
/// It remembers nothing about what is due: every look derives it from the store, so that nothing can fall out of a queue
/// (`lessons.md` C5), and a restart rotates nothing that was not due (I5).
package final class RotationScheduler: Service {
    private struct State {
        var isStopping = false
        var slots: WorkerSlots
        var burst: StartUpBurst
        /// Looks in a row in which the store could not be used.
        var failedLooks = 0
    }

    private let parts: EngineParts
    private let settings: EngineSettings
    private let breakers: TargetBreakers
    private let bell = Bell()
    private let state: NIOLockedValueBox<State>

    package init(parts: EngineParts, settings: EngineSettings) {
        self.parts = parts
        self.settings = settings
        self.breakers = TargetBreakers(settings.breaker)
        let burst = StartUpBurst(limit: settings.startUpBurst, period: settings.startUpPeriod, at: parts.time.instant())
        self.state = NIOLockedValueBox(State(slots: WorkerSlots(settings), burst: burst))
    }

    /// Looks at the store now: something has changed that may make a run due.
    package func poke() { self.bell.ring() }

    /// Runs until graceful shutdown, then lets running steps end within their deadlines and gives their runs back.
    package func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                await self.releaseLeftovers()
                while !self.isStopping, !Task.isCancelled {
                    for work in await self.look() { group.addTask { await work() } }
                    await self.bell.wait(for: await self.pause(), by: self.parts.time)
                }
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    /// Frees what a dead daemon held. If that fails, its leases run out by themselves.
    private func releaseLeftovers() async {
        guard self.settings.isAlone else { return }
        do {
            let now = self.parts.time.now()
            try await self.parts.store.write { try $0.releaseAllLeases(at: now) }
        } catch {
            self.parts.logger.error("cannot release the leases of the last daemon", metadata: ["cause": "\(error)"])
        }
    }

    /// Claims nothing from now on; workers give their runs back before the next step.
    package func stop() {
        self.state.withLockedValue { $0.isStopping = true }
        self.bell.ring()
    }

    /// One look at the store, and all work that it finds, done when this returns. For tests, and for a command that rotates once.
    package func workOnce() async {
        await withTaskGroup(of: Void.self) { group in
            for work in await self.look() { group.addTask { await work() } }
        }
    }

    private var isStopping: Bool { self.state.withLockedValue { $0.isStopping } }

    /// Errors of the store end one look, never the loop: the next look finds the same work again (`lessons.md` C7).
    private func look() async -> [@Sendable () async -> Void] {
        var work: [@Sendable () async -> Void] = []
        do {
            // What was started may wait for its target; as long as workers are free, what is due at other targets is started too.
            while let claim = try await self.claim() {
                work += claim.work
                if claim.started == 0 { break }
            }
            self.state.withLockedValue { $0.failedLooks = 0 }
        } catch {
            self.state.withLockedValue { $0.failedLooks += 1 }
            self.parts.logger.error("the scheduler cannot use the store; it tries again", metadata: ["cause": "\(error)"])
        }
        return work
    }

    /// - Returns: `nil` if no place is free.
    private func claim() async throws -> (work: [@Sendable () async -> Void], started: Int)? {
        let instant = self.parts.time.instant()
        let (free, startLimit, atWork) = self.state.withLockedValue { state in
            let free = state.slots.free(at: instant)
            return (free, state.burst.allowance(at: instant, wanted: free), state.slots.secrets)
        }
        guard free > 0 else { return nil }
        let claim = try await RunClaimer(parts: self.parts, settings: self.settings).claim(
            free,
            starting: startLimit,
            exceptOf: atWork
        )
        self.state.withLockedValue { $0.burst.note(started: claim.started) }
        let worker = RunWorker(parts: self.parts, settings: self.settings, breakers: self.breakers, isStopping: { self.isStopping })
        let work = claim.runs.map { run in
            let slot = self.state.withLockedValue { $0.slots.take(run.id.secret, at: instant) }
            return { @Sendable in
                await worker.work(on: run, claimed: instant)
                self.state.withLockedValue { $0.slots.giveBack(slot) }
                self.bell.ring()
            }
        }
        return (work, claim.started)
    }

    /// Until the next thing in the store is due, at most a tick. While all places are taken only their becoming free, or a tick, matters.
    private func pause() async -> Duration {
        let instant = self.parts.time.instant()
        let (free, untilFree, failedLooks) = self.state.withLockedValue {
            ($0.slots.free(at: instant), $0.slots.untilFree(at: instant), $0.failedLooks)
        }
        guard free > 0 else { return min(untilFree ?? self.settings.tick, self.settings.tick) }
        do {
            guard let next = try await self.parts.store.read({ try $0.nextWakeUp() }) else { return self.settings.tick }
            // What is due but was not taken up (a busy target, the start-up burst) is looked at again every second; while the store
            // cannot be used (a full disk) ever less often: each look that fails writes to the log.
            let rest = Duration.seconds(1 << min(failedLooks, 16))
            return min(max(next - self.parts.time.now(), rest), self.settings.tick)
        } catch {
            return self.settings.tick
        }
    }
}
