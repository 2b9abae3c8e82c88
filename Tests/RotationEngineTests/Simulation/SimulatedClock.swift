import SecretModel

/// The clocks of a simulated world: nothing passes while a job runs, and the next timer is due as soon as none is ready.
final class SimulatedClock: Sendable {
    private struct State {
        /// Microseconds since the simulation began.
        var elapsed: Int64 = 0
        /// What the wall clock is wrong by.
        var error: Duration = .zero
        var number = 0
        var timers = TimerQueue()
        var sleepers: [Int: CheckedContinuation<Void, any Error>] = [:]
        var cancelled: Set<Int> = []
    }

    private let start: Timestamp
    private let origin = ContinuousClock.now
    private let state = Confined(State())

    init(_ start: Timestamp) {
        self.start = start
    }

    /// What the wall clock shows.
    var now: Timestamp { self.truth + self.state.value.error }

    /// What it ought to show.
    var truth: Timestamp { self.start + .microseconds(self.state.value.elapsed) }

    var elapsed: Duration { .microseconds(self.state.value.elapsed) }
    var instant: ContinuousClock.Instant { self.origin + self.elapsed }
    var isWrong: Bool { self.state.value.error != .zero }

    /// Sets the wall clock wrong by so much; zero mends it.
    func setWrong(by error: Duration) { self.state.value.error = error }

    func after(_ delay: Duration, _ action: @escaping () -> Void) {
        self.state.value.number += 1
        let at = self.state.value.elapsed + max(delay.wholeMicroseconds, 0)
        self.state.value.timers.push(TimerQueue.Timer(at: at, number: self.state.value.number, action: action))
    }

    func sleep(_ duration: Duration) async throws {
        self.state.value.number += 1
        let id = self.state.value.number
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if self.state.value.cancelled.remove(id) != nil || Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    self.state.value.sleepers[id] = continuation
                    let at = self.state.value.elapsed + max(duration.wholeMicroseconds, 0)
                    self.state.value.timers.push(TimerQueue.Timer(at: at, number: id) { self.wake(id) })
                }
            }
        } onCancel: {
            if let sleeper = self.state.value.sleepers.removeValue(forKey: id) {
                sleeper.resume(throwing: CancellationError())
            } else {
                self.state.value.cancelled.insert(id)
            }
        }
        self.state.value.cancelled.remove(id)
    }

    /// Lets time pass to the next timer and fires it.
    ///
    /// - Returns: Whether there was one.
    func fireNext() -> Bool {
        guard let timer = self.state.value.timers.pop() else { return false }
        self.state.value.elapsed = timer.at
        timer.action()
        return true
    }

    private func wake(_ id: Int) {
        self.state.value.sleepers.removeValue(forKey: id)?.resume()
    }
}
