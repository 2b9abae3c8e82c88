import NIOConcurrencyHelpers

/// Which servers offered no TLS a moment ago, so that the next login need not ask again on a connection of its own.
///
/// A hint, never a permission: it is used on this machine only, where clear text is allowed without it, and the clients look again at what
/// the server offers before they do anything with the login (W3).
final class ServersWithoutTLS: Sendable {
    /// One for the process: what a server offers does not depend on who asks.
    static let shared = ServersWithoutTLS(lifetime: .seconds(300))

    private let lifetime: Duration
    private let seen = NIOLockedValueBox<[String: ContinuousClock.Instant]>([:])

    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    func contains(_ server: String, at now: ContinuousClock.Instant = .now) -> Bool {
        self.seen.withLockedValue { seen in seen[server].map { now - $0 < self.lifetime } ?? false }
    }

    /// Notes what a login found that would have taken TLS.
    func note(_ server: String, hasTLS: Bool, at now: ContinuousClock.Instant = .now) {
        self.seen.withLockedValue { seen in
            guard !hasTLS else {
                seen[server] = nil
                return
            }
            if seen[server] == nil { seen = seen.filter { now - $0.value < self.lifetime } }
            seen[server] = now
        }
    }
}
