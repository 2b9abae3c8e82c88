package import SecretModel

/// The typed answer of a login with a candidate. *Unreachable proves nothing* (I4).
package enum ProbeOutcome: String, Hashable, Sendable, Codable {
    case accepted, refused, unreachable, locked, other
}

/// A value that may be the live one.
package enum Candidate: String, Hashable, Sendable, Codable, CaseIterable {
    case pending, current, previous
}

/// What the last probe of a candidate answered, and when: every alert says which credential works now.
package struct CandidateStatus: Hashable, Sendable, Codable {
    package let outcome: ProbeOutcome
    package let at: Timestamp

    package init(outcome: ProbeOutcome, at: Timestamp) {
        self.outcome = outcome
        self.at = at
    }
}
