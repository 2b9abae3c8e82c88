/// Waits until a condition holds, looking every few milliseconds.
/// - Throws: `FixtureError` naming `what` at the deadline, or what the condition throws.
package func eventually(
    _ what: String,
    within limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return }
        guard ContinuousClock.now < deadline else { throw FixtureError("not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
