import AWSAPI
import RotationModel
import SecretModel
import Storage

/// Runs as Keyturn's own operations show them. Dates are numbers, as in AWS's answers; members without a value are absent.
enum RunJSON {
    static func run(_ run: RunRecord, steps: [StepRecord]) -> JSONValue {
        JSONValue.output([
            ("RunId", .string(run.id.token.description)),
            ("Trigger", .string(run.trigger.rawValue)),
            ("Rotator", .string(run.rotator.description)),
            ("Strategy", .string(run.strategy.rawValue)),
            ("State", .string(run.state.rawValue)),
            ("Step", .string(run.step.rawValue)),
            ("Attempt", .integer(run.attempt)),
            ("StartedDate", .date(run.startedAt)),
            ("FinishedDate", run.finishedAt.map(JSONValue.date)),
            ("NextAttemptDate", run.nextAttemptAt.map(JSONValue.date)),
            ("FailedStep", run.failedStep.map { .string($0.rawValue) }),
            ("Failure", run.failure.map(self.failure)),
            ("Candidates", run.candidates.isEmpty ? nil : self.candidates(run.candidates)),
            ("HasDrift", run.hasDrift ? true : nil),
            ("Account", run.account.map(JSONValue.string)),
            ("LoginGapMs", run.loginGap.map(self.milliseconds)),
            ("Target", .string(run.target)),
            ("Steps", .array(steps.map(self.step))),
        ])
    }

    static func failure(_ failure: RotationFailure) -> JSONValue {
        JSONValue.output([
            ("Code", .string(failure.code.rawValue)),
            ("Message", .string(failure.message)),
            ("Hint", failure.hint.map(JSONValue.string)),
            ("IsRetryable", .bool(failure.isRetryable)),
        ])
    }

    static func candidates(_ candidates: [Candidate: CandidateStatus]) -> JSONValue {
        JSONValue.output(
            Candidate.allCases.map { candidate in
                (candidate.rawValue, candidates[candidate].map { ["Outcome": .string($0.outcome.rawValue), "At": .date($0.at)] })
            }
        )
    }

    /// Microseconds as milliseconds with up to one decimal.
    static func milliseconds(_ microseconds: Int64) -> JSONValue {
        let tenths = (microseconds + 50) / 100
        return tenths % 10 == 0 ? .integer(tenths / 10) : .number("\(tenths / 10).\(tenths % 10)")
    }

    private static func step(_ step: StepRecord) -> JSONValue {
        JSONValue.output([
            ("Name", .string(step.name)),
            ("Attempt", .integer(step.attempt)),
            ("StartedDate", .date(step.startedAt)),
            ("DurationMs", self.milliseconds((step.finishedAt - step.startedAt).wholeMicroseconds)),
            ("Failure", step.failure.map(self.failure)),
            ("Message", step.message.map(JSONValue.string)),
        ])
    }
}
