import AdminClient
import SecretModel
import TestSupport

/// An application: every 20 ms it asks for its value and logs in with it. Where it is refused, it does what every guide says: it asks again
/// until it gets another value, and logs in with that one.
actor LoginClient {
    private let target: LoginTarget
    private let client: APIClient
    private var isStopped = false
    private var lastTurnBegan: ContinuousClock.Instant?

    /// The values that it got, by version.
    private(set) var versions: Set<String> = []
    private(set) var turns = 0
    /// How long each login took that was let in at once.
    private(set) var logins: [Duration] = []
    /// Refused with the value just fetched; after each, how long it took until the next login was let in.
    private(set) var outages: [Duration] = []
    /// Refused even with the value that came after the refused one, or anything else that went wrong.
    private(set) var failures: [String] = []

    private static let interval: Duration = .milliseconds(20)

    init(_ target: LoginTarget, _ client: APIClient) {
        self.target = target
        self.client = client
    }

    /// Takes turns until `stop`, or until its task is cancelled, as it is when the proof around it fails.
    func run() async {
        while !self.isStopped, !Task.isCancelled {
            let began = ContinuousClock.now
            do {
                try await self.takeTurn()
            } catch {
                self.failures.append("\(error)")
            }
            self.turns += 1
            self.lastTurnBegan = began
            // Only the cancellation of the task ends the sleep early, and the loop with it.
            try? await Task.sleep(until: began + Self.interval)
        }
    }

    func stop() { self.isStopped = true }

    /// Whether a turn is over that began after an instant.
    func hasTakenTurn(after instant: ContinuousClock.Instant) -> Bool { self.lastTurnBegan.map { $0 > instant } ?? false }

    private func takeTurn() async throws {
        let (version, value) = try await self.client.current(self.target.secret)
        self.versions.insert(version)
        let start = ContinuousClock.now
        if try await self.target.logsIn(value) {
            self.logins.append(ContinuousClock.now - start)
            return
        }
        var (next, nextValue) = (version, value)
        while next == version {
            guard start.duration(to: .now) < .seconds(10) else { throw FixtureError("refused, and no other value came") }
            (next, nextValue) = try await self.client.current(self.target.secret)
        }
        self.versions.insert(next)
        guard try await self.target.logsIn(nextValue) else { return self.failures.append("refused after a refresh") }
        self.outages.append(ContinuousClock.now - start)
    }
}
