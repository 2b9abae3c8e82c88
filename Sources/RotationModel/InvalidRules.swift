/// Why rotation rules are refused. A refused edit changes nothing (I12).
package enum InvalidRules: Error, Hashable, Sendable {
    /// `AutomaticallyAfterDays` outside 1 to 1000.
    case daysOutOfRange(Int)
    case schedule(InvalidSchedule)
    /// Windows less than four hours apart.
    case tooFrequent(hours: Int64)
    /// `rate()` of more than 999 days, or cron windows more than a year apart.
    case tooRare(String)
    /// Outside 1 to 99 hours.
    case windowOutOfRange(hours: Int)
    /// A window of a day schedule would run past midnight.
    case windowCrossesDay(startHour: Int, hours: Int)
    case windowReachesNext(hours: Int, gapHours: Int64)
    /// A negative span of time, or one of more than ten years.
    case spanOutOfRange(member: String)
    case jitterExceedsWindow(jitterSeconds: Int64, windowHours: Int)
    case freezeEndsBeforeItBegins(reason: String)
    /// Max age leaves too little time for retries after the next rotation is due.
    case maxAgeTooShort(hours: Int64, atLeastHours: Int64)
}

extension InvalidRules: CustomStringConvertible {
    package var description: String {
        switch self {
        case .daysOutOfRange(let days): "a secret rotates every 1 to 1000 days, not every \(days)"
        case .schedule(let invalid): invalid.description
        case .tooFrequent(let hours): "windows must be at least 4 hours apart; these are \(hours) apart"
        case .tooRare(let what): "windows must not be more than a year apart (rate: 999 days): \(what)"
        case .windowOutOfRange(let hours): "a window lasts 1 to 99 hours, not \(hours)"
        case .windowCrossesDay(let start, let hours):
            "a window of \(hours) h from \(start):00 UTC would run past midnight; make it at most \(24 - start) h, or begin earlier"
        case .windowReachesNext(let hours, let gap): "a window of \(hours) h would run into the next one, which may begin \(gap) h later"
        case .spanOutOfRange(let member): "\(member) must be between 0 and ten years"
        case .jitterExceedsWindow(let jitter, let hours): "jitter of \(jitter) s does not fit into a window of \(hours) h"
        case .freezeEndsBeforeItBegins(let reason): "the freeze \"\(reason)\" ends before it begins"
        case .maxAgeTooShort(let hours, let least):
            "max age of \(hours) h leaves no time for retries after the next rotation is due; make it at least \(least) h, or rotate more often"
        }
    }
}
