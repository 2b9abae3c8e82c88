package import SecretModel

/// The engine's clocks: wall-clock time drives schedules, monotonic time drives deadlines and leases. Tests bring their own.
package struct EngineTime: Sendable {
    package let now: @Sendable () -> Timestamp
    package let instant: @Sendable () -> ContinuousClock.Instant
    /// Waits; throws `CancellationError` when its task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Timestamp,
        instant: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0, clock: .continuous) }
    ) {
        self.now = now
        self.instant = instant
        self.sleep = sleep
    }
}

/// Randomness that came in as a parameter: for tokens, ids and jitter.
package struct EngineRandomness: RandomNumberGenerator, Sendable {
    private let draw: @Sendable () -> UInt64

    package init(_ draw: @escaping @Sendable () -> UInt64) {
        self.draw = draw
    }

    /// The system's cryptographic generator.
    package static let system = EngineRandomness {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    package func next() -> UInt64 { self.draw() }

    func versionID() -> VersionID {
        var generator = self
        return VersionID(using: &generator)
    }
}
