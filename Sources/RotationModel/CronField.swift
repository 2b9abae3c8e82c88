/// One field of a cron expression, or one element of its list, with its place for error messages.
struct CronField {
    let expression: String
    let name: String
    /// Of the first character, counted from 1.
    let position: Int
    /// In capitals.
    let text: String

    static let monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    static let weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    private static let names = ["minutes", "hours", "day-of-month", "month", "day-of-week", "year"]

    /// The six fields of `cron(…)`.
    static func split(_ expression: String) throws(InvalidSchedule) -> [CronField] {
        guard expression.hasPrefix("cron("), expression.hasSuffix(")") else {
            throw InvalidSchedule(
                expression: expression,
                position: 1,
                reason: "expected cron(Minutes Hours Day-of-month Month Day-of-week Year)"
            )
        }
        let start = "cron(".count
        let inside = expression.dropFirst(start).dropLast()
        let parts = inside.split(separator: " ")
        guard parts.count == CronField.names.count else {
            throw InvalidSchedule(
                expression: expression,
                position: start + 1,
                reason: "six fields are needed (Minutes Hours Day-of-month Month Day-of-week Year), not \(parts.count)"
            )
        }
        return zip(parts, CronField.names).map { part, name in
            let offset = inside.distance(from: inside.startIndex, to: part.startIndex)
            return CronField(expression: expression, name: name, position: start + offset + 1, text: part.uppercased())
        }
    }

    /// The elements of a list, one if there is no comma.
    var elements: [CronField] {
        self.text.split(separator: ",", omittingEmptySubsequences: false).map { element in
            let offset = self.text.distance(from: self.text.startIndex, to: element.startIndex)
            return CronField(expression: self.expression, name: self.name, position: self.position + offset, text: String(element))
        }
    }

    func replacingText(_ text: Substring) -> CronField {
        CronField(expression: self.expression, name: self.name, position: self.position, text: String(text))
    }

    func error(_ reason: String) -> InvalidSchedule {
        InvalidSchedule(expression: self.expression, position: self.position, reason: reason)
    }

    /// Bit v for each value v that the field names: values, `*`, `a-b`, and `/n` after any of these or after nothing (from the least value).
    func mask(_ range: ClosedRange<Int>, names: [String] = []) throws(InvalidSchedule) -> UInt32 {
        var mask: UInt32 = 0
        for element in self.elements { mask |= try element.elementMask(range, names) }
        return mask
    }

    /// The bit of one value.
    func single(_ range: ClosedRange<Int>, names: [String]) throws(InvalidSchedule) -> UInt32 {
        1 << UInt32(try self.value(of: self.text[...], range, names))
    }

    private func elementMask(_ range: ClosedRange<Int>, _ names: [String]) throws(InvalidSchedule) -> UInt32 {
        let parts = self.text.split(separator: "/", omittingEmptySubsequences: false)
        guard let base = parts.first, parts.count <= 2 else { throw self.error("\(self.name): more than one /") }
        let isStepped = parts.count == 2
        var step = 1
        if isStepped {
            guard let given = CronField.number(parts[1]), (1...range.upperBound).contains(given) else {
                throw self.error("\(self.name): after / comes a step of 1 to \(range.upperBound)")
            }
            step = given
        }
        let (first, last) = try self.bounds(of: base, isStepped: isStepped, range, names)
        return stride(from: first, through: last, by: step).reduce(0) { $0 | 1 << UInt32($1) }
    }

    private func bounds(
        of base: Substring,
        isStepped: Bool,
        _ range: ClosedRange<Int>,
        _ names: [String]
    ) throws(InvalidSchedule) -> (Int, Int) {
        if base == "*" || (base.isEmpty && isStepped) { return (range.lowerBound, range.upperBound) }
        let ends = base.split(separator: "-", omittingEmptySubsequences: false)
        let first = try self.value(of: ends[0], range, names)
        guard ends.count > 1 else { return (first, isStepped ? range.upperBound : first) }
        guard ends.count == 2 else { throw self.error("\(self.name): more than one -") }
        let last = try self.value(of: ends[1], range, names)
        guard first <= last else { throw self.error("\(self.name): the range \(base) runs backwards; write two, separated by a comma") }
        return (first, last)
    }

    private func value(of text: Substring, _ range: ClosedRange<Int>, _ names: [String]) throws(InvalidSchedule) -> Int {
        if let index = names.firstIndex(of: String(text)) { return range.lowerBound + index }
        guard let number = CronField.number(text), range.contains(number) else {
            let orNames = names.isEmpty ? "" : " or \(names[0])-\(names[names.count - 1])"
            throw self.error("\(self.name): \"\(text)\" is none of \(range.lowerBound)-\(range.upperBound)\(orNames)")
        }
        return number
    }

    /// One to three ASCII digits: `Int.init` would also take signs.
    static func number(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        return Int(text)
    }
}
