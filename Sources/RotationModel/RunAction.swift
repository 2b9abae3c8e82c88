package import SecretModel

/// What a worker does next in the attempt that it is performing.
package enum RunAction: Hashable, Sendable {
    /// Ask the target which credential works (I4), by a `Recovery`.
    case probe
    case perform(RotationStep)
    /// Replace the pending value by a new one (I3), then go on.
    case regenerate
    /// Move the labels, in one transaction with everything that tells of it (I9).
    case promote
    /// The attempt is over.
    case end(RunEnding)
}

/// How an attempt ends.
package enum RunEnding: Hashable, Sendable {
    /// Try again then, with the same token and value.
    case waiting(until: Timestamp, RotationFailure)
    /// The window is over; the next one tries again.
    case failed(next: RotationWindow, RotationFailure)
    /// A person is needed. `allRefused`: nothing that we hold logs in.
    case parked(RotationFailure, allRefused: Bool)
    /// Everything is done, unless the old credential has to be retired at the end of the grace period. With `failure`, finishSecret
    /// never succeeded: the rotation stands, its consumers may not have noticed.
    case succeeded(retireAt: Timestamp?, RotationFailure?)
    /// The old credential is gone.
    case retired
    /// The old credential is still alive; `nil`: no further attempt helps.
    case retireFailed(nextAttempt: Timestamp?, RotationFailure)
    /// A test of the rules ended; it is never tried again.
    case tested(RotationFailure?)
}

/// What happened to the action.
package enum RunEvent: Hashable, Sendable {
    case succeeded(RotationStep)
    case failed(RotationStep, RotationFailure)
    case recovered(RecoveryDecision)
    case regenerated
    case promoted
}
