import Logging
import RotationModel
import SecretModel
import Storage

extension SecretRecord {
    /// The rotation settings with dates counted anew from a value that came by hand: it counts as a rotation when the next date is computed,
    /// and does not move the date of the last rotation (`aws-service.md` §1.1, §1.5).
    ///
    /// Rules that hold no more leave the dates as they are: a value by hand is never refused for them.
    func rotationCounted(from now: Timestamp, in store: some ReadableStore, logger: Logger) throws -> RotationRecord? {
        guard var rotation = self.rotation, rotation.isEnabled, let rules = rotation.rules else { return self.rotation }
        let neighbours = try rules.stagger.map { stagger in
            try store.staggerGroup(stagger.group, in: self.arn.scope).filter { $0.arn != self.arn }.compactMap { $0.rotation?.dueAt }
        }
        do throws(InvalidRules) {
            let maxAge = try rules.effectiveMaxAge()
            let planner = try RotationPlanner(rules: rules)
            let plan = planner.plan(base: now, now: now, secret: self.arn, neighbours: neighbours ?? [])
            rotation.nextWindow = plan?.window ?? planner.nextWindow(after: now, notBefore: now)
            rotation.dueAt = plan?.dueAt
            rotation.maxAgeDeadline = now + maxAge
        } catch {
            logger.warning("rotation rules do not hold", metadata: ["secret": "\(self.arn)", "cause": "\(error)"])
        }
        return rotation
    }
}
