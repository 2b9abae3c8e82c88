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
        /// Looks in a row in which the store could not be used, or not for every secret.
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
            try await self.parts.store.write { try $0.releaseAllLeases() }
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
        do {
            let isComplete = try await self.startDueRuns()
            let work = try await self.claim()
            self.state.withLockedValue { $0.failedLooks = isComplete ? 0 : $0.failedLooks + 1 }
            return work
        } catch {
            self.state.withLockedValue { $0.failedLooks += 1 }
            self.parts.logger.error("the scheduler cannot use the store; it tries again", metadata: ["cause": "\(error)"])
            return []
        }
    }

    /// - Returns: Whether every secret that is due could be seen to.
    private func startDueRuns() async throws -> Bool {
        let instant = self.parts.time.instant()
        let limit = self.state.withLockedValue { $0.burst.allowance(at: instant, wanted: 100) }
        let now = self.parts.time.now()
        let due = try await self.parts.store.read { try $0.dueSecrets(at: now, limit: limit) }
        let starter = RunStarter(parts: self.parts)
        var isComplete = true
        for secret in due {
            guard let name = secret.rotation?.rotator else { continue }
            // A rotator that is missing now parks its run, which tells a person; the strategy is then only a word in the history.
            let strategy = await self.parts.rotators.rotator(named: name)?.manifest.strategy ?? .singleUser
            do {
                let isStarted = try await self.parts.store.write {
                    try starter.startDue(secret.arn, strategy: strategy, at: now, in: $0)
                }
                if isStarted { self.state.withLockedValue { $0.burst.note(started: 1) } }
            } catch StoreError.revisionConflict {
                continue
            } catch {
                // One secret that cannot be started must not hold up all others.
                isComplete = false
                self.parts.logger.error("cannot start a due run", metadata: ["secret": "\(secret.arn)", "cause": "\(error)"])
            }
        }
        return isComplete
    }

    private func claim() async throws -> [@Sendable () async -> Void] {
        let (instant, now, settings) = (self.parts.time.instant(), self.parts.time.now(), self.settings)
        let free = self.state.withLockedValue { $0.slots.free(at: instant) }
        guard free > 0 else { return [] }
        let runs = try await self.parts.store.write { store in
            try store.claimRuns(
                at: now,
                owner: settings.owner,
                leaseUntil: now + settings.lease,
                limit: free,
                perTarget: settings.runsPerTarget
            )
        }
        let worker = RunWorker(parts: self.parts, settings: settings, breakers: self.breakers, isStopping: { self.isStopping })
        return runs.map { run in
            let slot = self.state.withLockedValue { $0.slots.take(at: instant) }
            return {
                await worker.work(on: run, claimed: instant)
                self.state.withLockedValue { $0.slots.giveBack(slot) }
                self.bell.ring()
            }
        }
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
            // What is due but was not taken up (a busy target, the start-up burst) is looked at again every second; a full disk, or a
            // secret that cannot be started, ever less often: each look that fails writes to the log.
            let rest = Duration.seconds(1 << min(failedLooks, 16))
            return min(max(next - self.parts.time.now(), rest), self.settings.tick)
        } catch {
            return self.settings.tick
        }
    }
}
