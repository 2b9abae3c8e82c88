import RotationEngine
import SecretModel
import Secrets

/// A machine that starts the daemon again whenever it has died.
struct SimulatedNode: Sendable {
    let world: SimulatedWorld
    let number: Int

    func keepRunning() async {
        var life = 0
        while !self.world.isOver {
            life += 1
            let process = SimulatedProcess(self.world, node: self.number, life: life)
            guard let scheduler = process.scheduler else { return }
            self.world.processes[self.number] = process
            self.world.note("\(process.name) starts")
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    do { try await scheduler.run() } catch { self.world.model.violated("the scheduler threw \(error)") }
                }
                group.addTask { await self.keepDetecting(process) }
                group.addTask { await self.keepSweeping(process) }
                group.addTask { await process.untilDeath() }
                await group.next()
                process.end("ended")
                group.cancelAll()
            }
            self.world.processes[self.number] = nil
            guard !self.world.isOver else { return }
            do { try await self.world.clock.sleep(self.downtime) } catch { return }
        }
    }

    /// Where a target is to be served in its window whatever happens to others, the daemon is back soon.
    private var downtime: Duration {
        let isLong = self.world.plan.healthyHosts == 0 && self.world.troubles && self.world.random.chance(0.1)
        return self.world.random.seconds(isLong ? 3_600...40_000 : 3...120)
    }

    private func keepDetecting(_ process: SimulatedProcess) async {
        let detector = process.detector
        while !process.isDead {
            let (now, isWritable) = (process.now, !self.world.isDiskFull)
            await detector.look()
            if !process.isDead, isWritable { await self.world.model.checkOverdue(at: now) }
            do { try await self.world.clock.sleep(.hours(12)) } catch { return }
        }
    }

    private func keepSweeping(_ process: SimulatedProcess) async {
        var sweep = process.sweep
        while !process.isDead {
            do {
                // Without anything to look at, what was seen before is no part of one long sight any more.
                if !self.world.model.inOrder.contains(where: \.isDeleted) {
                    sweep = process.sweep
                } else {
                    for arn in try await sweep.look(at: process.now, instant: self.world.clock.instant) {
                        self.world.note("\(process.name) \(arn.name) is gone for good")
                    }
                }
            } catch {
                self.world.note("\(process.name) cannot sweep: \(error)")
            }
            do { try await self.world.clock.sleep(.hours(1)) } catch { return }
        }
    }
}
