import SecretModel

/// What a run's end says to the person who waited for it.
struct RunReport {
    let run: JSONValue
    let secret: String

    static let endStates: Set<String> = ["succeeded", "retiring", "retired", "failed", "parked", "abandoned", "cancelled"]

    var hasSucceeded: Bool { ["succeeded", "retiring", "retired"].contains(self.run.cell("State")) }

    /// One line that says which credential works now.
    static func candidates(_ run: JSONValue) -> String? {
        guard let members = run["Candidates"]?.members, !members.isEmpty else { return nil }
        return members.map { "\($0.name) \($0.value.cell("Outcome")) (\($0.value.date("At")))" }.joined(separator: ", ")
    }

    func throwUnlessSucceeded() throws {
        guard !self.hasSucceeded else { return }
        let failure = self.run["Failure"] ?? [:]
        throw CommandError(
            .failed,
            "rotation of \(self.secret) is \(self.run.cell("State")) in \(self.run.cell("FailedStep")) (attempt \(self.run.cell("Attempt"))): "
                + "\(failure.cell("Message"))   [\(failure.cell("Code"))]",
            why: RunReport.candidates(self.run).map { "what logs in now: \($0)" },
            next: failure["Hint"]?.stringValue ?? "mend the cause, then keyturn rotation retry \(self.secret)"
        )
    }
}
