package import SecretModel

extension RotationRules {
    /// How old the credential may get (`alerting.md` §8): as the rules say, else twice the interval, at least the interval and 24 hours.
    /// The interval of a cron expression is its longest gap.
    ///
    /// - Throws: `InvalidRules` if the schedule does not parse or names no days.
    package func effectiveMaxAge() throws(InvalidRules) -> Duration {
        if let maxAge = self.maxAge { return maxAge }
        guard let gaps = try self.parsedSchedule().gaps else { throw .tooRare("the expression names no day, or only one") }
        return max(gaps.longest * 2, gaps.longest + .hours(24))
    }

    /// The smallest max age that an interval allows: what is left of it after the retry budget must hold the interval.
    static func leastMaxAge(forInterval interval: Duration) -> Duration {
        // The budget is half of a max age below 144 h, 72 h below 360 h, and a fifth above.
        if interval <= .hours(72) { return interval * 2 }
        return interval <= .hours(288) ? interval + .hours(72) : interval * 5 / 4
    }
}

/// When a credential's age becomes a matter of warning, alarm and excess (`alerting.md` §8).
package struct MaxAgeDeadlines: Hashable, Sendable {
    package let retryBudget: Duration
    /// `SecretMaxAgeExceeded` from here on.
    package let exceeded: Timestamp
    /// `SecretMaxAgeApproaching` from here on.
    package let warning: Timestamp
    /// `SecretMaxAgeCritical` from here on.
    package let critical: Timestamp

    /// - Parameter expires: When the credential ends by itself, if the rotator said so; it tightens max age.
    package init(lastSuccess: Timestamp, maxAge: Duration, expires: Timestamp? = nil) {
        let deadline = min(lastSuccess + maxAge, expires ?? lastSuccess + maxAge)
        let budget = MaxAgeDeadlines.retryBudget(of: max(deadline - lastSuccess, .zero))
        self.retryBudget = budget
        self.exceeded = deadline
        self.warning = deadline - budget / 2
        // The shipped floor of four hours must not come before the warning of a short max age.
        self.critical = max(deadline - max(.hours(4), budget / 10), deadline - budget / 2)
    }

    /// A fifth of max age, at least 72 hours, at most half of max age.
    package static func retryBudget(of maxAge: Duration) -> Duration {
        min(max(maxAge / 5, .hours(72)), maxAge / 2)
    }

    /// Whether a failing run should go on outside its window: the time left for retries has begun, or would have by the next window.
    package func isAtStake(at now: Timestamp, nextWindow: RotationWindow?) -> Bool {
        let start = self.exceeded - self.retryBudget
        return now >= start || (nextWindow.map { $0.start > start } ?? true)
    }
}
