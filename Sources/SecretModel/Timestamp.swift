/// A point in time: microseconds since 1970-01-01T00:00:00Z, as both stores keep it.
///
/// Wall-clock time drives schedules; deadlines and leases use a monotonic clock (`ContinuousClock`) instead.
package struct Timestamp: Hashable, Comparable, Sendable, Codable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package init(seconds: Int64) {
        self.microseconds = seconds * 1_000_000
    }

    package init(from decoder: any Decoder) throws {
        self.microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.microseconds)
    }

    /// Whole seconds since the epoch, rounded towards the past.
    package var seconds: Int64 { self.microseconds.floorDivided(by: 1_000_000) }

    /// Seconds since the epoch with a millisecond fraction, as the AWS JSON protocol carries dates.
    package var epochSeconds: Double { Double(self.microseconds.floorDivided(by: 1_000)) / 1_000 }

    /// 00:00:00Z of this instant's UTC day.
    package var startOfDay: Timestamp {
        Timestamp(seconds: self.seconds.floorDivided(by: 86_400) * 86_400)
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }

    package static func + (lhs: Self, rhs: Duration) -> Self {
        Timestamp(microseconds: lhs.microseconds + rhs.wholeMicroseconds)
    }

    package static func - (lhs: Self, rhs: Duration) -> Self {
        Timestamp(microseconds: lhs.microseconds - rhs.wholeMicroseconds)
    }

    package static func - (lhs: Self, rhs: Self) -> Duration {
        .microseconds(lhs.microseconds - rhs.microseconds)
    }
}

extension Duration {
    /// This span in microseconds, the fraction below one microsecond dropped.
    package var wholeMicroseconds: Int64 {
        self.components.seconds * 1_000_000 + self.components.attoseconds / 1_000_000_000_000
    }

    package static func minutes(_ count: Int64) -> Duration { .seconds(count * 60) }
    package static func hours(_ count: Int64) -> Duration { .seconds(count * 3_600) }
    package static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }
}

extension Int64 {
    /// Division that rounds towards minus infinity, so that times before 1970 fall into the right day.
    package func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return (self % divisor != 0 && (self < 0) != (divisor < 0)) ? quotient - 1 : quotient
    }
}
