import RotationModel
import SecretModel
import Storage

/// What one transaction of a run writes: the run as it is now, the history since the last one, and what follows from its outcome.
struct RunCommit: Sendable {
    var run: RunRecord
    var steps: [StepRecord] = []
    /// The pending value, new or replaced by I3's rule.
    var fill: SecretValue?
    /// Whether `fill` takes the place of the pending value.
    var isReplacement = false
    /// Moves the labels.
    var isPromotion = false
    /// Tells that I4 found drift.
    var raisesDrift = false
    /// How the attempt ended, if it did: the lease ends with it.
    var ending: RunEnding?
    /// Until when the target may still perform what it was asked: then a lease that ends leaves a hold (I7).
    var doubt: Timestamp?
}

extension RunCommit {
    /// Whether the run has come to an end, or to its promotion, by what the target answered.
    var provesTarget: Bool {
        switch self.ending {
        case .succeeded, .retired, .tested: true
        case .waiting, .failed, .parked, .retireFailed: false
        case nil: self.isPromotion
        }
    }
}

/// Why a worker stops without any further word.
enum WorkerStop: Error {
    /// Someone else has the run, or may have it: touch nothing (I7).
    case leaseLost
    /// A newer value came, or the secret is to be deleted: the run is not ours to finish.
    case superseded
    /// A stored value cannot be read, which no retry mends: a person is told.
    case unreadable(RotationFailure)
    /// The store cannot be written: the lease runs out, and whoever claims the run next finds it by I4.
    case store(any Error)
}
