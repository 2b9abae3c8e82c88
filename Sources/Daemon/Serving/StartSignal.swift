import ServiceLifecycle

/// Tells waiting services that the daemon listens.
final class StartSignal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (self.stream, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func send() {
        self.continuation.yield()
        self.continuation.finish()
    }

    /// - Returns: Whether the signal came; `false` if the task was cancelled or the daemon shuts down first.
    func wait() async -> Bool {
        await cancelWhenGracefulShutdown {
            for await _ in self.stream { return true }
            return false
        }
    }
}

/// A service that begins its work once the daemon listens: a daemon whose address is taken must not have begun a rotation.
struct OnceListening: Service {
    let signal: StartSignal
    let service: any Service

    func run() async throws {
        guard await self.signal.wait() else { return try await gracefulShutdown() }
        try await self.service.run()
    }
}
