package import SecretModel

/// The days and hours that a `cron(…)` expression of AWS Secrets Manager names, in UTC (`aws-service.md` §1.3).
package struct CronExpression: Hashable, Sendable {
    /// Bit h: hour h of a matching day.
    let hours: UInt32
    /// Bit m: month m.
    let months: UInt32
    let days: Days

    /// A day matches if any of these names it.
    struct Days: Hashable, Sendable {
        /// Bit d: day d of the month.
        var ofMonth: UInt32 = 0
        var lastOfMonth = false
        /// Bit w: weekday w, 1 = Sunday.
        var weekdays: UInt32 = 0
        /// Bit w at index n - 1: the n-th weekday w of the month.
        var nthWeekdays: [UInt32] = [0, 0, 0, 0, 0]
        /// Bit w: the last weekday w of the month.
        var lastWeekdays: UInt32 = 0

        func matches(_ date: CivilDate) -> Bool {
            let weekday: UInt32 = 1 << UInt32(date.weekday)
            let length = CivilDate.daysInMonth(year: date.year, month: date.month)
            return self.ofMonth & (1 << UInt32(date.day)) != 0
                || (self.lastOfMonth && date.day == length)
                || self.weekdays & weekday != 0
                || self.nthWeekdays[(date.day - 1) / 7] & weekday != 0
                || (self.lastWeekdays & weekday != 0 && date.day + 7 > length)
        }
    }

    package func matches(_ date: CivilDate) -> Bool {
        self.months & (1 << UInt32(date.month)) != 0 && self.days.matches(date)
    }

    /// The hours of a matching day at which a window begins, ascending.
    package var startHours: [Int] { (0..<24).filter { self.hours & (1 << UInt32($0)) != 0 } }

    /// The first window start at or after an hour (counted from the epoch), looking no further than `days` days.
    func firstStart(atOrAfter hour: Int64, within days: Int64 = 800) -> Int64? {
        let firstDay = hour.floorDivided(by: 24)
        let startHours = self.startHours
        for day in firstDay...(firstDay + days) where self.matches(CivilDate(daysSinceEpoch: day)) {
            if let start = startHours.first(where: { day * 24 + Int64($0) >= hour }) { return day * 24 + Int64(start) }
        }
        return nil
    }

    /// The shortest and the longest span between two starts, in hours; `nil` if there are no two.
    ///
    /// Between 1901 and 2099 the calendar repeats after 28 years, so these years stand for all; one more closes the circle.
    var gaps: (shortest: Int64, longest: Int64)? {
        let startHours = self.startHours
        guard let firstHour = startHours.first, let lastHour = startHours.last else { return nil }
        let within = zip(startHours, startHours.dropFirst()).map { Int64($1 - $0) }.min()
        var result: (shortest: Int64, longest: Int64)?
        var lastDay: Int64?
        // 2001-01-01 is day 11,323.
        for day in Int64(11_323)..<(11_323 + 29 * 366) where self.matches(CivilDate(daysSinceEpoch: day)) {
            if let lastDay {
                let gap = (day - lastDay) * 24 + Int64(firstHour - lastHour)
                result = (min(result?.shortest ?? gap, gap, within ?? gap), max(result?.longest ?? gap, gap))
            }
            lastDay = day
        }
        guard let result else { return nil }
        let longestWithin = zip(startHours, startHours.dropFirst()).map { Int64($1 - $0) }.max() ?? 0
        return (result.shortest, max(result.longest, longestWithin))
    }
}
