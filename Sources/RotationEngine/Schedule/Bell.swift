import NIOConcurrencyHelpers

/// Wakes one waiter. A ring without a waiter is remembered, so that nothing that happens between two looks at the store is missed.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    func ring() {
        self.state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter else {
                state.hasRung = true
                return nil
            }
            state.waiter = nil
            return waiter
        }?.resume()
    }

    /// Returns when the bell rings or the task is cancelled. Only one task waits at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAnswered = self.state.withLockedValue { state in
                    if state.hasRung || Task.isCancelled {
                        state.hasRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isAnswered { continuation.resume() }
            }
        } onCancel: {
            self.ring()
        }
    }

    /// Waits for a ring, for at most a while.
    func wait(for limit: Duration, by time: EngineTime) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask {
                do { try await time.sleep(limit) } catch { return }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
