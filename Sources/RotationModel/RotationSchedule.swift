import SecretModel

/// When windows begin: a parsed `AutomaticallyAfterDays` or `ScheduleExpression`. All in UTC, on whole hours (`aws-service.md` §1.2 to §1.5).
package enum RotationSchedule: Hashable, Sendable {
    /// Midnight of the day of the last rotation, plus so many days. `rate(n days)` is the same.
    case days(Int)
    /// `rate(n hours)`. A rate that divides a day, or a whole number of days, counts from midnight (00, 04, 08 … for 4);
    /// any other counts from the hour of the last rotation.
    case hours(Int)
    case cron(CronExpression)

    /// - Throws: `InvalidSchedule` for a text that AWS would not accept. Limits on values are for `RotationRules.validate()`.
    package init(_ frequency: RotationRules.Frequency) throws(InvalidSchedule) {
        switch frequency {
        case .days(let days): self = .days(days)
        case .expression(let text): try self.init(parsing: text)
        }
    }

    package init(parsing expression: String) throws(InvalidSchedule) {
        let allowed = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz()#?*-/, ".utf8
        guard (1...256).contains(expression.utf8.count) else {
            throw InvalidSchedule(expression: String(expression.prefix(32)), position: 1, reason: "a schedule has 1 to 256 characters")
        }
        if let index = expression.utf8.firstIndex(where: { !allowed.contains($0) }) {
            let position = expression.utf8.distance(from: expression.startIndex, to: index) + 1
            throw InvalidSchedule(expression: expression, position: position, reason: "this character cannot stand in a schedule")
        }
        if expression.hasPrefix("rate(") {
            self = try RotationSchedule.rate(expression)
        } else if expression.hasPrefix("cron(") {
            self = .cron(try CronExpression(parsing: expression))
        } else {
            throw InvalidSchedule(expression: expression, position: 1, reason: "a schedule is rate(…) or cron(…)")
        }
    }

    /// `rate(<positive number> hour|hours|day|days)`; AWS does not document singular against plural, so both are taken for any number.
    private static func rate(_ expression: String) throws(InvalidSchedule) -> RotationSchedule {
        func error(_ position: Int, _ reason: String) -> InvalidSchedule {
            InvalidSchedule(expression: expression, position: position, reason: reason)
        }
        let start = "rate(".count
        let inside = expression.dropFirst(start)
        guard inside.hasSuffix(")") else { throw error(expression.count, "the closing ) is missing") }
        let parts = inside.dropLast().split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw error(start + 1, "expected a number, one space and a unit, as in rate(10 days)") }
        guard parts[0].utf8.count <= 6, parts[0].utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int(parts[0]), number > 0 else {
            throw error(start + 1, "\"\(parts[0])\" is not a positive whole number")
        }
        switch parts[1] {
        case "hour", "hours": return .hours(number)
        case "day", "days": return .days(number)
        default: throw error(start + parts[0].count + 2, "\"\(parts[1])\" is none of hour, hours, day, days")
        }
    }

    /// Whether windows begin more than once a day: then the default window is an hour, else it lasts to the end of the day.
    package var isHourGrained: Bool {
        switch self {
        case .days: false
        case .hours: true
        case .cron(let cron): cron.startHours.count > 1
        }
    }

    /// The shortest and the longest span between the starts of two windows; `nil` for a cron expression that names at most one day ever.
    package var gaps: (shortest: Duration, longest: Duration)? {
        switch self {
        case .days(let days): (.days(Int64(days)), .days(Int64(days)))
        case .hours(let hours): (.hours(Int64(hours)), .hours(Int64(hours)))
        case .cron(let cron): cron.gaps.map { (.hours($0.shortest), .hours($0.longest)) }
        }
    }
}

extension RotationSchedule {
    /// The start of the first window that lies after the last rotation and not before a time.
    ///
    /// - Parameters:
    ///   - base: The last success, or when AWSCURRENT was made, or when rotation was turned on.
    ///   - earliest: No window that began before this is taken: a day schedule that is past its day begins on the next day.
    /// - Returns: `nil` for a cron expression without a day in the two years after.
    func nextStart(after base: Timestamp, notBefore earliest: Timestamp) -> Timestamp? {
        let hour: Int64
        switch self {
        case .days(let days):
            let due = base.seconds.floorDivided(by: 86_400) + Int64(days)
            hour = max(due, earliest.wholeUnits(of: 86_400)) * 24
        case .hours(let hours):
            let unit = 24 % hours == 0 ? Int64(hours) : hours % 24 == 0 ? 24 : 1
            let grid = unit * 3_600
            let due = base.seconds.floorDivided(by: grid) * unit + Int64(hours)
            hour = max(due, earliest.wholeUnits(of: grid) * unit)
        case .cron(let cron):
            let afterBase = base.seconds.floorDivided(by: 3_600) + 1
            guard let start = cron.firstStart(atOrAfter: max(afterBase, earliest.wholeUnits(of: 3_600))) else { return nil }
            hour = start
        }
        return Timestamp(seconds: hour * 3_600)
    }
}

extension Timestamp {
    /// How many units of so many seconds since the epoch, rounded up.
    fileprivate func wholeUnits(of seconds: Int64) -> Int64 {
        -((-self.microseconds).floorDivided(by: seconds * 1_000_000))
    }
}
