import NIOConcurrencyHelpers
import RotationModel

/// How an outside call ended for its worker.
enum StepCall<Answer: Sendable>: Sendable {
    case answered(Answer)
    /// The deadline passed: whether the target changed is unknown, whatever a call that was cut off may say.
    case timedOut(Answer)
    case leaseLost
}

/// Performs outside calls under a deadline (I10) and a lease that is renewed meanwhile (I7).
struct StepDeadline: Sendable {
    /// `nil` for calls that belong to no run and only read.
    let keeper: LeaseKeeper?
    let time: EngineTime

    /// At the deadline, or when the lease is lost, the call is cancelled, and awaited all the same: nobody else may take up the run while
    /// it could still touch the target, so the lease is renewed until the call has ended.
    func call<Answer: Sendable>(
        timeout: Duration,
        _ body: @escaping @Sendable (ContinuousClock.Instant) async -> Answer
    ) async -> StepCall<Answer> {
        let deadline = self.time.instant() + timeout
        let isLate = NIOLockedValueBox(false)
        let end = Bell()
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { [time] in
                do { try await time.sleep(timeout) } catch { return }
                isLate.withLockedValue { $0 = true }
                end.ring()
            }
            group.addTask { [keeper] in
                guard let keeper else { return }
                do { try await keeper.keepRenewing() } catch { return }
                end.ring()
            }
            let answer = await Self.answer(endedBy: end) { await body(deadline) }
            group.cancelAll()
            guard let answer, self.keeper?.isHeld ?? true else { return .leaseLost }
            return isLate.withLockedValue({ $0 }) ? .timedOut(answer) : .answered(answer)
        }
    }

    /// Awaits `body`, which is cancelled when the bell rings. A child task, not a task of its own: it keeps the caller's executor and is
    /// cancelled with the caller.
    ///
    /// - Returns: What `body` answered, always.
    private static func answer<Answer: Sendable>(endedBy bell: Bell, _ body: @escaping @Sendable () async -> Answer) async -> Answer? {
        await withTaskGroup(of: Answer?.self) { group in
            group.addTask { await body() }
            group.addTask {
                await bell.wait()
                return nil
            }
            var answer: Answer?
            for await result in group {
                answer = result ?? answer
                group.cancelAll()
            }
            return answer
        }
    }
}
