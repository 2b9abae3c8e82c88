import Logging
import RotationModel
import SecretModel
import Storage

extension EngineParts {
    /// Sets the dates of the next rotation: on an edit of the rules (I5).
    ///
    /// - Parameter base: The last success, else when AWSCURRENT was made.
    /// - Throws: `InvalidRules`, and what the store throws.
    func plan(
        _ rotation: inout RotationRecord,
        of secret: SecretARN,
        base: Timestamp,
        at now: Timestamp,
        in store: some ReadableStore
    ) throws {
        guard rotation.isEnabled, let rules = rotation.rules else {
            (rotation.nextWindow, rotation.dueAt, rotation.maxAgeDeadline) = (nil, nil, nil)
            return
        }
        // A rotation or a value of a time to come was written by a wall clock that was ahead: from there the next date would lie as far
        // ahead, and the secret would not rotate until then.
        let base = min(base, now)
        let planner = try RotationPlanner(rules: rules)
        let neighbours = try rules.stagger.map { stagger in
            try store.staggerGroup(stagger.group, in: secret.scope).filter { $0.arn != secret }.compactMap { $0.rotation?.dueAt }
        }
        let planned = planner.plan(base: base, now: now, secret: secret, neighbours: neighbours ?? [])
        // Without room for a rotation the date still stands, so that the overdue detector tells of it (I11).
        rotation.nextWindow = planned?.window ?? planner.nextWindow(after: base, notBefore: now)
        rotation.dueAt = planned?.dueAt
        rotation.maxAgeDeadline = base + (try rules.effectiveMaxAge())
    }

    /// Sets the dates after a run has ended. Rules that no longer hold must not undo a rotation that has happened: the old window stays
    /// and passes, which the overdue detector tells of (I11).
    func replan(
        _ rotation: inout RotationRecord,
        of secret: SecretARN,
        base: Timestamp,
        at now: Timestamp,
        in store: some ReadableStore
    ) throws {
        do {
            try self.plan(&rotation, of: secret, base: base, at: now, in: store)
        } catch let error as InvalidRules {
            rotation.dueAt = nil
            self.logger.error("the rotation rules no longer hold", metadata: ["secret": "\(secret)", "cause": "\(error)"])
        }
    }
}
