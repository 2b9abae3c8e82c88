/// Why a `ScheduleExpression` is refused, and where.
package struct InvalidSchedule: Error, Hashable, Sendable, CustomStringConvertible {
    package let expression: String
    /// The offending character, counted from 1.
    package let position: Int
    /// One sentence for a person.
    package let reason: String

    package var description: String { "schedule \"\(self.expression)\", character \(self.position): \(self.reason)" }
}
