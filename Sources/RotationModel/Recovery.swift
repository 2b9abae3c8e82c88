package import SecretModel

/// A value that may be the live one, as the recovery asks the target about it.
package enum LoginCandidate: Hashable, Sendable {
    case pending, current, previous
    /// The pending value of an abandoned or cancelled run that had begun to touch the target and after which nothing has succeeded yet:
    /// it may be the live one although no label stands on it any more (`rotation-contract.md` W1).
    case earlier(VersionID)

    /// The candidate of the design's words; `nil` for the values that no label holds.
    package var labelled: Candidate? {
        switch self {
        case .pending: .pending
        case .current: .current
        case .previous: .previous
        case .earlier: nil
        }
    }
}

/// What a probe of a candidate found.
package struct ProbeFinding: Hashable, Sendable {
    package let outcome: ProbeOutcome
    /// Whether an acceptance proves anything: see `ProbeReport.isProof`.
    package let isProof: Bool
    /// Why it was not accepted.
    package let failure: RotationFailure?

    package init(outcome: ProbeOutcome, isProof: Bool = true, failure: RotationFailure? = nil) {
        self.outcome = outcome
        self.isProof = isProof
        self.failure = failure
    }

    package var isProvenAcceptance: Bool { self.outcome == .accepted && self.isProof }
}

/// I4: which candidate to ask next, and what follows from the answers.
///
/// Each candidate is asked at most once, in the order pending, current, previous, earlier ones: targets count failed logins. The questions
/// stop at the first answer that decides.
package struct Recovery: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case probe(LoginCandidate)
        case decide(RecoveryDecision)
    }

    private let order: [LoginCandidate]
    private let hasAdmin: Bool
    private var findings: [LoginCandidate: ProbeFinding] = [:]

    /// - Parameters:
    ///   - hasCurrent: Whether AWSCURRENT stands on a version with a value; likewise `hasPrevious`.
    ///   - earlier: Values of abandoned and cancelled runs that may be live, newest first.
    ///   - hasAdmin: Whether the run has an admin secret.
    package init(hasCurrent: Bool, hasPrevious: Bool, earlier: [VersionID] = [], hasAdmin: Bool) {
        var order: [LoginCandidate] = [.pending]
        if hasCurrent { order.append(.current) }
        if hasPrevious { order.append(.previous) }
        self.order = order + earlier.map { .earlier($0) }
        self.hasAdmin = hasAdmin
    }

    /// What to do next.
    package var next: Action {
        for candidate in self.order {
            guard let finding = self.findings[candidate] else { return .probe(candidate) }
            if let decision = Recovery.decision(on: finding, of: candidate) { return .decide(decision) }
        }
        return .decide(self.hasAdmin ? .setPending(.admin) : .park)
    }

    /// Notes the answer of a probe. A second answer about the same candidate replaces the first.
    package mutating func record(_ finding: ProbeFinding, of candidate: LoginCandidate) {
        self.findings[candidate] = finding
    }

    /// What one answer decides; `nil` if the next candidate has to be asked.
    private static func decision(on finding: ProbeFinding, of candidate: LoginCandidate) -> RecoveryDecision? {
        switch (finding.outcome, candidate) {
        case (.refused, _): nil
        case (.accepted, .pending): finding.isProof ? .adopt : .setPending(.unprovenPending)
        case (.accepted, .current): .setPending(.current(isProof: finding.isProof))
        case (.accepted, .previous): .setPending(.previous)
        case (.accepted, .earlier(let version)): .setPending(.earlier(version))
        case (.unreachable, _), (.locked, _), (.other, _): .backOff(candidate, finding.outcome, Recovery.cause(of: finding))
        }
    }

    private static func cause(of finding: ProbeFinding) -> RotationFailure {
        if let failure = finding.failure { return failure }
        switch finding.outcome {
        case .unreachable: return RotationFailure(.targetUnreachable, "the target could not be asked which credential works")
        case .locked: return RotationFailure(.accountLocked, "the account is locked or has expired")
        case .accepted, .refused, .other: return RotationFailure(.internalError, "the probe gave no usable answer")
        }
    }
}
