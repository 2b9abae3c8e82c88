import Encryption
import RotationEngine
import RotationModel
import SecretModel
import Storage

/// One seed, from birth to the last check.
enum Simulation {
    /// Runs on the calling thread, which it occupies until it is done.
    static func run(_ plan: SimulationPlan, keyring: Keyring) -> SimulationReport {
        let executor = SimulationExecutor()
        let made = Confined<SimulatedWorld?>(nil)
        let end = Confined<(any Error)??>(nil)
        Task(executorPreference: executor) {
            do {
                let world = try await SimulatedWorld(plan, executor: executor, keyring: keyring)
                made.value = world
                try await self.live(in: world)
                end.value = .some(nil)
            } catch {
                end.value = .some(error)
            }
        }
        while end.value == nil {
            executor.drain(limit: 100_000)
            if executor.finished > Self.limit(plan) { break }
            guard end.value == nil else { break }
            guard made.value?.clock.fireNext() ?? false else { break }
        }
        var report = made.value?.report.value ?? SimulationReport(seed: plan.seed)
        switch end.value {
        case .none: report.violations.append("the simulation stands still, or turns in a circle, after \(executor.finished) jobs")
        case .some(let error?): report.violations.append("the simulation broke off: \(error)")
        case .some(.none): break
        }
        if executor.strays > 0 { report.violations.append("\(executor.strays) jobs ran elsewhere: no seed can be repeated") }
        return report
    }

    /// Jobs after which a simulation of that size must be over.
    private static func limit(_ plan: SimulationPlan) -> Int { 20_000 + plan.days * plan.secrets.count * 1_000 }

    private static func live(in world: SimulatedWorld) async throws {
        try await world.settle()
        world.troubles = true
        await withTaskGroup(of: Void.self) { group in
            for node in 0..<world.plan.nodes { group.addTask { await SimulatedNode(world: world, number: node).keepRunning() } }
            group.addTask { await SimulatedPeople(world: world).keepActing() }
            group.addTask { await SimulatedTroubles(world: world).keepTroubling() }
            await self.pass(.days(Int64(world.plan.days)), in: world)
            if !world.model.hasViolations { await SimulatedCalm(world: world).come() }
            world.isOver = true
            for process in world.running { process.end("stopped") }
            group.cancelAll()
        }
        if !world.model.hasViolations { await world.model.checkRecords() }
        world.report.value.counts[.secrets] = world.plan.secrets.count
        world.report.value.counts[.virtualDays] = Int(world.clock.elapsed / .days(1))
    }

    /// Lets time pass, unless something is found wrong.
    static func pass(_ duration: Duration, in world: SimulatedWorld) async {
        let end = world.clock.elapsed + duration
        while world.clock.elapsed < end, !world.model.hasViolations {
            do { try await world.clock.sleep(min(.hours(12), end - world.clock.elapsed)) } catch { return }
        }
    }
}
