import ArgumentParser
import SecretModel

struct RotationShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a secret's rotation: its runs, each step, the cause of a failure, what logs in now, what to do next.",
        discussion: """
            Examples:
              keyturn rotation show prod/db/app
              keyturn rotation show prod/db/app --runs 10
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String

    @Option(help: "How many runs.")
    var runs: Int = 3

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call(
            "keyturn.DescribeRotation",
            ["SecretId": .string(self.name), "MaxResults": .integer(self.runs)]
        )
        self.output.show(answer) { json in
            let rotation = json["Rotation"] ?? [:]
            var text = "\(rotation.cell("Name"))  \(rotation.cell("Rotator"))\n"
            text += "  last success  \(rotation.date("LastRotatedDate"))\n"
            text += "  next rotation \(rotation.date("NextRotationDate"))  (due \(rotation.date("DueDate")))\n"
            text += "  max age at    \(rotation.date("MaxAgeDate"))\n"
            for run in json["Runs"]?.arrayValue ?? [] { text += "\n" + Self.text(of: run, secret: self.name) }
            return text
        }
    }

    private static func text(of run: JSONValue, secret: String) -> String {
        let attempt = run["Attempt"]?.integerValue.flatMap { $0 > 0 ? ", attempt \($0)" : nil } ?? ""
        var text = "run \(run.cell("RunId"))  \(run.cell("State"))  (\(run.cell("Trigger"))\(attempt))\n"
        text += "  began \(run.date("StartedDate")), ended \(run.date("FinishedDate"))\n"
        for step in run["Steps"]?.arrayValue ?? [] { text += "  \(step.date("StartedDate"))  \(RunWatcher.line(step))\n" }
        if let failure = run["Failure"] {
            text += "  cause: \(failure.cell("Message"))   [\(failure.cell("Code"))] in \(run.cell("FailedStep"))\n"
            if let candidates = RunReport.candidates(run) { text += "  what logs in now: \(candidates)\n" }
            if run["NextAttemptDate"] != nil { text += "  tried again at \(run.date("NextAttemptDate"))\n" }
            text += "  next: \(failure["Hint"]?.stringValue ?? "mend the cause, then keyturn rotation retry \(secret)")\n"
        }
        return text
    }
}
