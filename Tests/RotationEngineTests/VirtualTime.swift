import NIOConcurrencyHelpers
import RotationEngine
import SecretModel

/// Clocks that stand still until a test moves them. A sleep ends when the clock is moved past its end, or when its task is cancelled.
final class VirtualTime: Sendable {
    private struct Sleeper {
        let id: Int
        let end: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var instant: ContinuousClock.Instant
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var nextID = 0
        /// How often the monotonic clock may still be read before the process counts as dead.
        var readsLeft: Int?
    }

    private let state: NIOLockedValueBox<State>

    init(_ now: Timestamp) {
        self.state = NIOLockedValueBox(State(now: now, instant: .now))
    }

    var now: Timestamp { self.state.withLockedValue { $0.now } }
    var isDead: Bool { self.state.withLockedValue { ($0.readsLeft ?? 1) <= 0 } }
    var sleepers: Int { self.state.withLockedValue { $0.sleepers.count } }

    var engineTime: EngineTime {
        EngineTime(now: { self.now }, instant: { self.read() }, sleep: { try await self.sleep($0) })
    }

    func advance(_ duration: Duration) {
        let woken = self.state.withLockedValue { state -> [Sleeper] in
            state.now = state.now + duration
            state.instant = state.instant + duration
            let woken = state.sleepers.filter { $0.end <= state.instant }
            state.sleepers.removeAll { $0.end <= state.instant }
            return woken
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Somebody sets the wall clock; the monotonic one, which no one can set, goes on.
    func setWallClock(by error: Duration) { self.state.withLockedValue { $0.now = $0.now + error } }

    /// A worker looks at the monotonic clock before each commit and each outside call. After so many looks its lease is over and it does
    /// nothing more, in the way of a process that died there.
    func die(afterReads count: Int?) { self.state.withLockedValue { $0.readsLeft = count } }

    private func read() -> ContinuousClock.Instant {
        self.state.withLockedValue { state in
            guard let left = state.readsLeft else { return state.instant }
            state.readsLeft = left - 1
            return left > 0 ? state.instant : state.instant + .days(1_000)
        }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = self.state.withLockedValue { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = self.state.withLockedValue { state in
                    if state.cancelled.remove(id) != nil || Task.isCancelled { return true }
                    state.sleepers.append(Sleeper(id: id, end: state.instant + duration, continuation: continuation))
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = self.state.withLockedValue { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
