package import SecretModel

/// One target's circuit breaker (I10): after repeated silence it is left alone for a while, then one run may try it.
package struct TargetBreaker: Hashable, Sendable {
    package struct Limits: Hashable, Sendable {
        /// Unanswered calls in a row that open the breaker.
        package var failures: Int
        package var firstPause: Duration
        package var longestPause: Duration

        package init(failures: Int = 3, firstPause: Duration = .minutes(1), longestPause: Duration = .minutes(15)) {
            self.failures = failures
            self.firstPause = firstPause
            self.longestPause = longestPause
        }
    }

    private let limits: Limits
    private var silentCalls = 0
    private var openUntil: Timestamp?

    package init(_ limits: Limits) {
        self.limits = limits
    }

    /// When the target may be tried again; `nil` if it may be tried now.
    package func closedFor(at now: Timestamp) -> Timestamp? {
        guard let openUntil = self.openUntil, now < openUntil else { return nil }
        // A wall clock that was set back must not shut a target out for longer than a pause lasts.
        return openUntil - now > self.limits.longestPause ? nil : openUntil
    }

    /// The target answered, whatever the answer was.
    package mutating func noteAnswer() {
        self.silentCalls = 0
        self.openUntil = nil
    }

    /// The target could not be reached, or did not answer in time.
    package mutating func noteSilence(at now: Timestamp) {
        self.silentCalls += 1
        guard self.silentCalls >= self.limits.failures else { return }
        let doublings = min(self.silentCalls - self.limits.failures, 10)
        self.openUntil = now + min(self.limits.firstPause * (1 << doublings), self.limits.longestPause)
    }
}
