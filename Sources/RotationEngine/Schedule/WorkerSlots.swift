package import SecretModel

/// Who is at work, and how many more may begin (I10).
///
/// A run that has been at work for long waits: for a target that hangs, or a script that takes its time. It gives its place to another
/// run, up to a limit: a few sick targets must not keep the healthy ones from rotating.
package struct WorkerSlots: Sendable {
    private let places: Int
    private let slowPlaces: Int
    private let slowAfter: Duration
    private var begun: [Int: (instant: ContinuousClock.Instant, secret: SecretARN)] = [:]
    private var lastNumber = 0

    package init(_ settings: EngineSettings) {
        self.places = settings.concurrentRuns
        self.slowPlaces = settings.slowRuns
        self.slowAfter = settings.slowAfter
    }

    /// The secrets whose workers have not ended. A worker that was told to stop, or lost its lease, is at work until its last outside call
    /// has ended: until then no run of the same secret may begin (I7).
    package var secrets: [SecretARN] { self.begun.values.map(\.secret) }

    /// How many runs may begin now.
    package func free(at instant: ContinuousClock.Instant) -> Int {
        max(0, self.places + min(self.slow(at: instant), self.slowPlaces) - self.begun.count)
    }

    /// How long until a place becomes free because another run counts as slow; `nil` if none will by that.
    package func untilFree(at instant: ContinuousClock.Instant) -> Duration? {
        guard self.slow(at: instant) < self.slowPlaces else { return nil }
        return self.begun.values.map { $0.instant + self.slowAfter - instant }.filter { $0 > .zero }.min()
    }

    /// - Returns: The number to give back at the end.
    package mutating func take(_ secret: SecretARN, at instant: ContinuousClock.Instant) -> Int {
        self.lastNumber += 1
        self.begun[self.lastNumber] = (instant, secret)
        return self.lastNumber
    }

    package mutating func giveBack(_ number: Int) { self.begun[number] = nil }

    private func slow(at instant: ContinuousClock.Instant) -> Int {
        self.begun.values.count { instant - $0.instant >= self.slowAfter }
    }
}
