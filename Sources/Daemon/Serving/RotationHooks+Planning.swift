import Alerting
import Logging
import RotationModel
import SecretModel
import Secrets
import Storage

extension RotationHooks {
    /// A value put by hand counts as a rotation; a deleted secret needs no alert any more.
    init(alerts: AlertRecorder, logger: Logger) {
        self.init(
            datesAfterManualChange: { secret, rotation, now in
                guard let rules = rotation.rules else { return rotation }
                var rotation = rotation
                do throws(InvalidRules) {
                    let planner = try RotationPlanner(rules: rules)
                    let planned = planner.plan(base: now, now: now, secret: secret.arn)
                    rotation.nextWindow = planned?.window ?? planner.nextWindow(after: now, notBefore: now)
                    rotation.dueAt = planned?.dueAt
                    rotation.maxAgeDeadline = now + (try rules.effectiveMaxAge())
                } catch {
                    // The value is in the store; rules that no longer hold must not undo that. The old dates stay and pass (I11).
                    logger.error("the rotation rules no longer hold", metadata: ["secret": "\(secret.arn)", "cause": "\(error)"])
                }
                return rotation
            },
            secretDeleted: { secret, now, store in
                try alerts.record(.secretDeleted, of: secret, at: now, in: store)
            }
        )
    }
}
