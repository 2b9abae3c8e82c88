import SecretModel

extension RotationRules {
    /// Checks the rules as AWS does (`aws-service.md` §1.1 to §1.4), and Keyturn's own parts.
    package func validate() throws(InvalidRules) {
        let schedule = try self.parsedSchedule()
        let gaps = try RotationRules.checkedGaps(of: schedule, self.frequency)
        let windowHours = try self.checkedWindowHours(schedule, shortestGap: gaps.shortest)
        try self.checkSpans(windowHours: windowHours)
        let least = RotationRules.leastMaxAge(forInterval: gaps.longest)
        if let maxAge = self.maxAge, maxAge - MaxAgeDeadlines.retryBudget(of: maxAge) < gaps.longest {
            throw .maxAgeTooShort(hours: maxAge.components.seconds / 3_600, atLeastHours: (least.components.seconds + 3_599) / 3_600)
        }
    }

    func parsedSchedule() throws(InvalidRules) -> RotationSchedule {
        do {
            return try RotationSchedule(self.frequency)
        } catch {
            throw .schedule(error)
        }
    }

    private static func checkedGaps(
        of schedule: RotationSchedule,
        _ frequency: Frequency
    ) throws(InvalidRules) -> (shortest: Duration, longest: Duration) {
        switch (frequency, schedule) {
        case (.days(let days), _):
            guard (1...1_000).contains(days) else { throw .daysOutOfRange(days) }
        case (.expression, .days(let days)):
            guard days <= 999 else { throw .tooRare("\(days) days") }
        case (.expression, .hours(let hours)):
            guard hours <= 999 * 24 else { throw .tooRare("\(hours) hours") }
        case (.expression, .cron): break
        }
        guard let gaps = schedule.gaps else { throw .tooRare("the expression names no day, or only one") }
        guard gaps.shortest >= .hours(4) else { throw .tooFrequent(hours: gaps.shortest.components.seconds / 3_600) }
        // The first Sunday of a month comes again after 52 or 53 weeks: that is yearly. 29 February is not.
        if case .cron = schedule, gaps.longest > .days(53 * 7) {
            throw .tooRare("up to \(gaps.longest.components.seconds / 86_400) days")
        }
        return gaps
    }

    private func checkedWindowHours(_ schedule: RotationSchedule, shortestGap: Duration) throws(InvalidRules) -> Int {
        let startHour: Int = if case .cron(let cron) = schedule { cron.startHours.first ?? 0 } else { 0 }
        guard let hours = self.windowHours else { return schedule.isHourGrained ? 1 : 24 - startHour }
        guard (1...99).contains(hours) else { throw .windowOutOfRange(hours: hours) }
        if schedule.isHourGrained {
            let gap = shortestGap.components.seconds / 3_600
            guard hours <= gap else { throw .windowReachesNext(hours: hours, gapHours: gap) }
        } else {
            guard startHour + hours <= 24 else { throw .windowCrossesDay(startHour: startHour, hours: hours) }
        }
        return hours
    }

    private func checkSpans(windowHours: Int) throws(InvalidRules) {
        let spans = [
            ("grace", self.grace), ("jitter", self.jitter), ("stagger.min_gap", self.stagger?.minimumGap), ("max_age", self.maxAge),
        ]
        for case (let member, let span?) in spans where span < .zero || span > .days(3_653) {
            throw .spanOutOfRange(member: member)
        }
        if let jitter = self.jitter, jitter >= .hours(Int64(windowHours)) {
            throw .jitterExceedsWindow(jitterSeconds: jitter.components.seconds, windowHours: windowHours)
        }
        for freeze in self.freezes where freeze.until <= freeze.from {
            throw .freezeEndsBeforeItBegins(reason: freeze.reason)
        }
    }
}
