import RotationModel
import SecretModel
import TestSupport
import Testing

@Suite struct ScheduleFuzzProof {
    @Test func `what is accepted has windows in order, found without long searching`() throws {
        let examples = [
            "rate(10 days)", "rate(4 hours)", "cron(0 16 1,15 * ? *)", "cron(0 0/4 ? * SUN#1 *)", "cron(0 8 ? * MON-FRI *)",
            "cron(0 2 L * ? *)",
            "cron(0 10 ? JAN-MAR 6L 2026-2030)", "cron(0 1 31W * ? *)",
        ]
        let tokens = ["rate(", "cron(", ")", "*", "?", "L", "W", "#", "/", "-", ",", "SUN", "DEC", "29 2", "31 2", "2199", "0", " "]
        let base = try #require(Timestamp(rfc3339: "2026-11-21T12:34:56Z"))
        try FuzzRun("schedule").run(examples: examples, tokens: tokens) { input in
            let text = String(decoding: input, as: UTF8.self)
            let planner: RotationPlanner
            do {
                _ = try RotationSchedule(parsing: text)
                planner = try RotationPlanner(rules: RotationRules(frequency: .expression(text)))
            } catch {
                return "\(error)"
            }
            guard let first = planner.nextWindow(after: base, notBefore: base) else { return "accepted, never due" }
            guard first.start > base, first.end > first.start else { throw FixtureError("a window that lies wrong: \(first)") }
            guard let second = planner.nextWindow(after: first.start, notBefore: first.start) else { return "accepted, due once" }
            guard second.start > first.start else { throw FixtureError("a window before the one before") }
            return "accepted"
        }
    }
}
