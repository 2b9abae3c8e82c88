package import SecretModel

/// When a failed attempt is tried again: after 1 min, 5 min, 15 min, 1 h, then hourly, each ±10 % (`design.md` §4.5).
package enum RetrySchedule {
    private static let delays: [Duration] = [.minutes(1), .minutes(5), .minutes(15), .hours(1)]

    /// - Parameters:
    ///   - failures: How many attempts of the step have failed, at least 1.
    ///   - token: The run's; it and `failures` decide the ±10 %, so that every node computes the same.
    package static func delay(afterFailures failures: Int, of token: VersionID) -> Duration {
        let base = self.delays[min(max(failures, 1), self.delays.count) - 1]
        let permille = 900 + Int64(DeterministicRandom.number(of: token.description, String(failures)) % 201)
        return .milliseconds(base.components.seconds * permille)
    }
}
