import Access

/// Keeps opened access keys for a few seconds: clients send many requests with one key.
actor CredentialCache {
    /// How long a key that was made inactive may go on working.
    static let lifetime: Duration = .seconds(5)
    /// More keys than this at once are not worth remembering: the cache starts again.
    static let capacity = 1_000

    private struct Entry {
        let credential: AccessCredential
        let readAt: ContinuousClock.Instant
    }

    private let load: @Sendable (String) async throws -> AccessCredential?
    private var entries: [String: Entry] = [:]

    init(load: @escaping @Sendable (String) async throws -> AccessCredential?) {
        self.load = load
    }

    /// Unknown keys are not remembered: guesses must not fill the memory, and a new key works at once.
    func credential(_ id: String, at instant: ContinuousClock.Instant = .now) async throws -> AccessCredential? {
        if let entry = self.entries[id], instant - entry.readAt < Self.lifetime { return entry.credential }
        let credential = try await self.load(id)
        if self.entries.count >= Self.capacity { self.entries.removeAll() }
        self.entries[id] = credential.map { Entry(credential: $0, readAt: instant) }
        return credential
    }
}
