package import Encryption
package import RotationModel
package import SecretModel

/// One run: from first claim to last step, over any number of attempts.
package struct RunRecord: Hashable, Sendable {
    package let id: RunID
    package let trigger: RotationTrigger
    package let rotator: RotatorName
    package let strategy: RotationStrategy
    package var state: RunState
    /// The first step that is not proven: where a worker starts (again).
    package var step: RotationStep
    /// Attempts begun so far, except one that died before it had made the run's value.
    package var attempt: Int
    /// Whether setSecret was ever begun: committed before the target is touched, so that a later attempt probes first (I4).
    package var isTargetTouched: Bool
    /// Whether a person or a rule asked that a new value be generated only once more for policy (I3).
    package var regenerations: Int
    package let startedAt: Timestamp
    package var updatedAt: Timestamp
    package var finishedAt: Timestamp?
    /// When a worker may claim it: the first attempt, the next retry, or the end of the grace period. `nil`: never by itself.
    package var nextAttemptAt: Timestamp?
    package var window: RotationWindow?
    package var failedStep: RotationStep?
    package var failure: RotationFailure?
    package var candidates: [Candidate: CandidateStatus]
    /// I4 found that someone else had changed the credential.
    package var hasDrift: Bool
    /// What the server said that it is, at the last successful testSecret.
    package var account: String?
    /// From the target's change to the label's move: how long AWSCURRENT was wrong, in microseconds (single-user).
    package var loginGap: Int64?
    /// The version that was AWSCURRENT when this run was promoted; retired at the end of the grace period.
    package var replaced: VersionID?
    package var rotatorState: SealedValue?
    /// For limits per target (I10) and ownership (I7).
    package let target: String
    /// The account there that the secret was bound to when the run began: no other run is at work on it (I7). `nil`: none that another
    /// secret could have.
    package let boundAccount: String?
    package var lease: Lease?

    package init(
        id: RunID,
        trigger: RotationTrigger,
        rotator: RotatorName,
        strategy: RotationStrategy,
        startedAt: Timestamp,
        window: RotationWindow?,
        target: String,
        boundAccount: String?
    ) {
        self.id = id
        self.trigger = trigger
        self.rotator = rotator
        self.strategy = strategy
        self.state = .preparing
        self.step = .createSecret
        self.attempt = 0
        self.isTargetTouched = false
        self.regenerations = 0
        self.startedAt = startedAt
        self.updatedAt = startedAt
        self.nextAttemptAt = startedAt
        self.window = window
        self.candidates = [:]
        self.hasDrift = false
        self.target = target
        self.boundAccount = boundAccount
    }
}

/// The history of a run: one row per attempt at a step, and per probe.
package struct StepRecord: Hashable, Sendable {
    package let run: RunID
    /// Ascending within the run.
    package let sequence: Int64
    /// A step's name, or `probe pending` and the like.
    package let name: String
    package let attempt: Int
    package let startedAt: Timestamp
    package let finishedAt: Timestamp
    package let failure: RotationFailure?
    /// What the step had to say; never a value.
    package let message: String?

    package init(
        run: RunID,
        sequence: Int64,
        name: String,
        attempt: Int,
        startedAt: Timestamp,
        finishedAt: Timestamp,
        failure: RotationFailure?,
        message: String?
    ) {
        self.run = run
        self.sequence = sequence
        self.name = name
        self.attempt = attempt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.failure = failure
        self.message = message
    }
}
