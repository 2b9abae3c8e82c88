import KeyManagement
import RotationModel
import Rotators
import SecretModel
import Storage

extension RunAttempt {
    /// Asks the target which credential works, in I4's order, each candidate once.
    mutating func recover(_ rotator: any Rotator) async throws(WorkerStop) -> RecoveryDecision {
        let values = try await self.values()
        var recovery = Recovery(
            hasCurrent: values.current != nil,
            hasPrevious: values.previous != nil,
            earlier: self.surroundings.earlier.filter { values.earlier[$0] != nil },
            hasAdmin: values.admin != nil
        )
        while true {
            switch recovery.next {
            case .decide(let decision): return self.allowing(for: values.hidden, decision)
            case .probe(let candidate): recovery.record(try await self.probe(candidate, rotator, values), of: candidate)
            }
        }
    }

    /// That all are refused is not known while one could not be tried.
    private func allowing(for hidden: KeyUseError?, _ decision: RecoveryDecision) -> RecoveryDecision {
        guard let hidden else { return decision }
        switch decision {
        case .park, .setPending(.admin): return .backOff(.previous, .other, RotationFailure(hidden))
        case .adopt, .setPending, .backOff: return decision
        }
    }

    private mutating func probe(
        _ candidate: LoginCandidate,
        _ rotator: any Rotator,
        _ values: RunValues
    ) async throws(WorkerStop) -> ProbeFinding {
        var stale: SecretValue?
        if case .earlier(let version) = candidate { stale = values.earlier[version] }
        let start = self.parts.time.now()
        let result: Result<ProbeReport, RotationFailure> = try await self.call(rotator, values, previous: stale) { context in
            let report = await rotator.probe(candidate.labelled ?? .previous, context)
            // An unreachable target is a failure of the call: the breaker counts it.
            if report.outcome == .unreachable, let failure = report.failure { return .failure(failure) }
            return .success(report)
        }
        let finding: ProbeFinding
        switch result {
        case .success(let report): finding = ProbeFinding(outcome: report.outcome, isProof: report.isProof, failure: report.failure)
        case .failure(let failure): finding = ProbeFinding(outcome: .unreachable, failure: failure)
        }
        if let labelled = candidate.labelled {
            self.run.candidates[labelled] = CandidateStatus(outcome: finding.outcome, at: self.parts.time.now())
        }
        self.note(
            "probe \(candidate.labelled?.rawValue ?? "earlier")",
            from: start,
            failure: finding.outcome == .accepted ? nil : finding.failure,
            message: finding.outcome == .accepted && !finding.isProof ? "accepted, which proves nothing" : finding.outcome.rawValue
        )
        return finding
    }
}
