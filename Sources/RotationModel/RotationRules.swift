package import SecretModel

/// When a secret rotates: AWS's rules, and Keyturn's own. Validated on creation (`aws-service.md` §1.1 to §1.4).
package struct RotationRules: Hashable, Sendable, Codable {
    /// The schedule as the caller gave it: `RotationRules` are echoed as sent.
    package enum Frequency: Hashable, Sendable, Codable {
        /// `AutomaticallyAfterDays`, 1 to 1000.
        case days(Int)
        /// `ScheduleExpression`: `rate(…)` or `cron(…)`, verbatim and known to parse.
        case expression(String)
    }

    /// A span of time in which nothing rotates unless a person asks.
    package struct Freeze: Hashable, Sendable, Codable {
        package let from: Timestamp
        package let until: Timestamp
        package let reason: String

        package init(from: Timestamp, until: Timestamp, reason: String) {
            self.from = from
            self.until = until
            self.reason = reason
        }
    }

    /// Members of one group do not rotate within `minimumGap` of each other.
    package struct Stagger: Hashable, Sendable, Codable {
        package let group: String
        package let minimumGap: Duration

        package init(group: String, minimumGap: Duration) {
            self.group = group
            self.minimumGap = minimumGap
        }
    }

    package var frequency: Frequency
    /// `Duration` in whole hours; `nil` is AWS's default window.
    package var windowHours: Int?
    /// How long the old credential stays alive where the strategy allows two; `nil`: 24 hours.
    package var grace: Duration?
    /// The greatest delay after the window's start; `nil`: a third of the window. Zero: at the window's start.
    package var jitter: Duration?
    package var freezes: [Freeze]
    package var stagger: Stagger?
    /// How old the credential may get; `nil`: twice the interval, at least the interval and 24 hours.
    package var maxAge: Duration?

    package init(
        frequency: Frequency,
        windowHours: Int? = nil,
        grace: Duration? = nil,
        jitter: Duration? = nil,
        freezes: [Freeze] = [],
        stagger: Stagger? = nil,
        maxAge: Duration? = nil
    ) {
        self.frequency = frequency
        self.windowHours = windowHours
        self.grace = grace
        self.jitter = jitter
        self.freezes = freezes
        self.stagger = stagger
        self.maxAge = maxAge
    }
}

/// The time span in which a due rotation may run.
package struct RotationWindow: Hashable, Sendable, Codable {
    package let start: Timestamp
    /// Exclusive. `NextRotationDate` is this less one second.
    package let end: Timestamp

    package init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }
}
