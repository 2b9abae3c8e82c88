import RotationModel
import Rotators
import SecretModel

/// One call to a target over a network that delays, cuts and loses, by a process that may die or be paused at each end of it.
struct SimulatedCall: Sendable {
    private enum Fault: Sendable {
        case none, lostBefore, lostAfter, late, slow, unreachable
    }

    let process: SimulatedProcess
    let target: SimulatedTarget
    let credential: Credential
    let context: StepContext
    let what: String
    /// Whether the call may change the target: only then what is lost, and when, makes a difference.
    let isChange: Bool

    private var world: SimulatedWorld { self.process.world }
    private var lost: RotationFailure { RotationFailure(.targetUnreachable, "the connection was lost", applied: .unknown) }

    func perform<Answer: Sendable>(
        _ effect: @escaping @Sendable () async -> Result<Answer, RotationFailure>
    ) async -> Result<Answer, RotationFailure> {
        do { try await self.process.pass(.call) } catch { return .failure(self.lost) }
        let number = await self.world.model.begin(self)
        let result = await self.exchange(effect)
        self.world.model.end(number, on: self.target)
        do { try await self.process.pass(.answer) } catch { return .failure(self.lost) }
        self.world.note("\(self.process.name) \(self.what) \(self.credential.username)@\(self.target.name): \(Self.outcome(result))")
        return result
    }

    /// What is left until the deadline. A call is over by then even if its process stands still: a rotator that awakes later sends nothing
    /// more, and the server has ended what it got before (`statement_timeout`).
    private var timeLeft: Duration { self.context.deadline - self.world.clock.instant }

    private func exchange<Answer: Sendable>(
        _ effect: @escaping @Sendable () async -> Result<Answer, RotationFailure>
    ) async -> Result<Answer, RotationFailure> {
        let (random, state) = (self.world.random, self.target.state)
        guard self.timeLeft > .zero else { return .failure(RotationFailure(.timeout, "nothing was sent: the time is up")) }
        if state.isDown {
            self.world.count(.unreachableCalls)
            return .failure(RotationFailure(.targetUnreachable, "connection refused"))
        }
        if state.isSilent {
            self.world.count(.silentCalls)
            do { try await self.world.clock.sleep(self.timeLeft) } catch {}
            await self.land(effect, 0.3)
            return .failure(RotationFailure(.timeout, "no answer", applied: .unknown))
        }
        let fault = self.fault()
        let delay = fault == .slow ? random.seconds(1...45) : random.seconds(0.001...0.05)
        guard await self.waits(delay) else {
            await self.land(effect, 0.5)
            return .failure(self.lost)
        }
        switch fault {
        case .unreachable: return .failure(RotationFailure(.targetUnreachable, "no route"))
        case .lostBefore: return .failure(self.lost)
        case .late:
            await self.land(effect, 1)
            return .failure(self.lost)
        case .none, .slow, .lostAfter: break
        }
        let answer = await effect()
        if fault == .lostAfter { return .failure(self.lost) }
        do { try await self.world.clock.sleep(random.seconds(0.0005...0.02)) } catch { return .failure(self.lost) }
        return answer
    }

    /// - Returns: Whether so much time passed before the call was cut off, by its process or at its deadline.
    private func waits(_ delay: Duration) async -> Bool {
        let left = self.timeLeft
        do { try await self.world.clock.sleep(min(delay, left)) } catch { return false }
        return delay < left
    }

    private func fault() -> Fault {
        guard self.world.troubles, !self.world.isHealthy(self.target), self.world.random.chance(self.world.plan.faults) else {
            return .none
        }
        let fault: Fault = self.world.random.pick(weighted: [
            (.lostBefore, 3), (.lostAfter, 4), (.late, self.isChange ? 2 : 0), (.slow, 2), (.unreachable, 2),
        ])
        switch fault {
        case .lostBefore: self.world.count(.lostBefore)
        case .lostAfter: self.world.count(.lostAfter, if: self.isChange)
        case .slow: self.world.count(.slowCalls)
        case .unreachable: self.world.count(.unreachableCalls)
        case .late, .none: break
        }
        return fault
    }

    /// The target may act all the same, soon: it had got the request when the connection was cut.
    private func land<Answer: Sendable>(
        _ effect: @escaping @Sendable () async -> Result<Answer, RotationFailure>,
        _ probability: Double
    ) async {
        guard self.isChange, self.world.random.chance(probability) else { return }
        self.world.later(self.world.random.seconds(0.01...2)) {
            self.world.count(.lateChanges)
            self.world.note("\(self.what) \(self.credential.username)@\(self.target.name) landed late")
            let account = self.credential.username
            let isDone = if case .success = await effect() { true } else { false }
            if isDone { self.target.edit { $0.accounts[account]?.foreignChange = self.world.clock.elapsed } }
        }
    }

    private static func outcome<Answer>(_ result: Result<Answer, RotationFailure>) -> String {
        switch result {
        case .success(let report as ProbeReport): report.isProof ? "accepted" : "accepted, no proof"
        case .success: "done"
        case .failure(let failure): "\(failure.code.rawValue): \(failure.message)"
        }
    }
}
