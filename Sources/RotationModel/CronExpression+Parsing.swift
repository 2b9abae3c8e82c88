extension CronExpression {
    /// Parses `cron(Minutes Hours Day-of-month Month Day-of-week Year)` as Secrets Manager accepts it (`aws-service.md` §1.3): minutes `0`,
    /// year `*`, and a `?` in exactly one of the two day fields. In Hours, `*`, `,` and `-` are accepted beyond what AWS documents;
    /// how close together the starts may be is for `RotationRules.validate()`.
    package init(parsing expression: String) throws(InvalidSchedule) {
        let fields = try CronField.split(expression)
        let (minutes, hours, dayOfMonth, month, dayOfWeek, year) = (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])
        guard minutes.text == "0" else { throw minutes.error("windows begin on the hour: minutes must be 0") }
        guard year.text == "*" else { throw year.error("the year must be *") }
        guard (dayOfMonth.text == "?") != (dayOfWeek.text == "?") else {
            throw dayOfMonth.error("exactly one of day-of-month and day-of-week must be ?")
        }
        self.hours = try hours.mask(0...23)
        self.months = try month.mask(1...12, names: CronField.monthNames)
        self.days = dayOfWeek.text == "?" ? try Days(daysOfMonth: dayOfMonth) : try Days(daysOfWeek: dayOfWeek)
    }
}

extension CronExpression.Days {
    /// Days, `*`, lists, ranges, steps, `L` for the last day, and `SUNL` for the last Sunday.
    fileprivate init(daysOfMonth field: CronField) throws(InvalidSchedule) {
        self.init()
        for element in field.elements {
            if element.text == "L" {
                self.lastOfMonth = true
            } else if element.text.hasSuffix("L"), let weekday = CronField.weekdayNames.firstIndex(of: String(element.text.dropLast())) {
                self.lastWeekdays |= 1 << UInt32(weekday + 1)
            } else {
                self.ofMonth |= try element.mask(1...31)
            }
        }
    }

    /// Weekdays, `*`, lists, ranges, steps, `TUE#3` for the third Tuesday, `L` for Saturday, and `FRIL` for the last Friday.
    fileprivate init(daysOfWeek field: CronField) throws(InvalidSchedule) {
        self.init()
        for element in field.elements {
            let parts = element.text.split(separator: "#", omittingEmptySubsequences: false)
            if element.text == "L" {
                self.weekdays |= 1 << 7
            } else if element.text.hasSuffix("L") {
                self.lastWeekdays |= try element.replacingText(element.text.dropLast()).single(1...7, names: CronField.weekdayNames)
            } else if parts.count == 2 {
                guard let nth = ["1", "2", "3", "4", "5"].firstIndex(of: parts[1]) else {
                    throw element.error("# is followed by 1 to 5, as in TUE#3")
                }
                self.nthWeekdays[nth] |= try element.replacingText(parts[0]).single(1...7, names: CronField.weekdayNames)
            } else {
                self.weekdays |= try element.mask(1...7, names: CronField.weekdayNames)
            }
        }
    }
}
