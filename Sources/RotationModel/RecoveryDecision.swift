package import SecretModel

/// What I4 decides after the probes.
package enum RecoveryDecision: Hashable, Sendable {
    /// Pending logs in, with proof: never set it again, go on to testSecret.
    case adopt
    /// Set the *same* pending value.
    case setPending(RecoveryBasis)
    /// No conclusion: the target could not be asked, or its answer says nothing about the value. Try later.
    case backOff(LoginCandidate, ProbeOutcome, RotationFailure)
    /// Nothing that we hold logs in and there is no admin secret: keep every candidate, tell a person.
    case park
}

/// What the target accepts at the moment: with it the pending value is set.
package enum RecoveryBasis: Hashable, Sendable {
    /// Pending itself logs in, but that proves nothing (a target that accepts any password, or a twin whose rights are incomplete).
    case unprovenPending
    case current(isProof: Bool)
    case previous
    case earlier(VersionID)
    case admin

    /// Whether someone other than Keyturn must have changed the credential: restored a backup, or set it by hand.
    package var isDrift: Bool {
        switch self {
        case .previous, .admin: true
        case .unprovenPending, .current, .earlier: false
        }
    }

    /// I3: a new value may replace the pending one only if pending is refused and current is accepted, with proof.
    package var allowsNewValue: Bool { self == .current(isProof: true) }

    /// Whether AWSCURRENT is known to log in.
    package var currentWorks: Bool {
        if case .current = self { return true }
        return false
    }
}
