import NIOConcurrencyHelpers
import RotationModel
import SecretModel

/// The circuit breakers of all targets, kept in memory: a restart forgets them, and the first run that finds a target silent opens its
/// breaker again.
final class TargetBreakers: Sendable {
    private let limits: TargetBreaker.Limits
    private let breakers = NIOLockedValueBox<[String: TargetBreaker]>([:])

    init(_ limits: TargetBreaker.Limits) {
        self.limits = limits
    }

    /// When the target may be tried again; `nil` if it may be tried now.
    func closedFor(_ target: String, at now: Timestamp) -> Timestamp? {
        self.breakers.withLockedValue { $0[target]?.closedFor(at: now) }
    }

    /// Notes how a call to the target ended; `nil` for success.
    func note(_ failure: RotationFailure?, of target: String, at now: Timestamp) {
        let isSilent = failure?.code == .targetUnreachable || failure?.code == .timeout
        self.breakers.withLockedValue { breakers in
            if isSilent {
                breakers[target, default: TargetBreaker(self.limits)].noteSilence(at: now)
            } else {
                breakers[target] = nil
            }
        }
    }
}
