import AdminClient
import SecretModel

/// Follows a run by asking for its history, and tells each new step once.
struct RunWatcher {
    let client: APIClient
    let secret: String
    let run: String

    /// - Returns: The run as it ended.
    /// - Throws: `CommandError` with exit code 75 if it did not end in time, or is waiting for a retry.
    func watch(timeout: Duration, onLine: (String) throws -> Void) async throws -> JSONValue {
        let clock = ContinuousClock()
        let end = clock.now + timeout
        var told = 0
        while true {
            let answer = try await self.client.call(
                "keyturn.DescribeRotation",
                ["SecretId": .string(self.secret), "RunId": .string(self.run)]
            )
            let run = answer["Runs"]?.arrayValue?.first ?? [:]
            let steps = run["Steps"]?.arrayValue ?? []
            for step in steps.dropFirst(told) { try onLine(RunWatcher.line(step)) }
            told = steps.count
            let state = run.cell("State")
            if RunReport.endStates.contains(state) {
                try onLine("\(state)  \(self.secret)")
                return run
            }
            if state == "waiting" {
                let failure = run["Failure"] ?? [:]
                throw CommandError(
                    .timedOut,
                    "\(run.cell("FailedStep")) failed (attempt \(run.cell("Attempt"))): \(failure.cell("Message"))   [\(failure.cell("Code"))]",
                    why: RunReport.candidates(run).map { "what logs in now: \($0)" },
                    next: "it is tried again at \(run.date("NextAttemptDate")); keyturn rotation show \(self.secret)"
                )
            }
            guard clock.now < end else {
                throw CommandError(.timedOut, "the run has not ended", why: "it is \(state)", next: "keyturn rotation show \(self.secret)")
            }
            try await clock.sleep(for: .milliseconds(100))
        }
    }

    static func line(_ step: JSONValue) -> String {
        let mark = step["Failure"] == nil ? "✓" : "✗"
        var line = "\(mark) \(step.cell("Name"))  \(step.cell("DurationMs")) ms"
        if let message = step["Message"]?.stringValue { line += "  \(message)" }
        if let failure = step["Failure"] { line += "  \(failure.cell("Message")) [\(failure.cell("Code"))]" }
        return line
    }
}
