import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

/// Inserts runs: registers the pending version, and tells of it, in the caller's one transaction.
struct RunStarter: Sendable {
    let parts: EngineParts

    /// Starts a run of a secret that may have no unfinished one.
    ///
    /// - Throws: what the store throws; `StoreError.failed` if the secret has an unfinished run.
    func start(
        _ token: VersionID,
        of secret: SecretRecord,
        trigger: RotationTrigger,
        strategy: RotationStrategy,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> RunRecord {
        guard let rotation = secret.rotation else { throw StoreError.failed("the secret \(secret.arn) has no rotation settings") }
        let window = rotation.nextWindow.flatMap { $0.end > now ? $0 : nil }
        var run = RunRecord(
            id: RunID(secret: secret.arn, token: token),
            trigger: trigger,
            rotator: rotation.rotator,
            strategy: strategy,
            startedAt: now,
            window: trigger == .schedule ? window : nil,
            target: rotation.target ?? secret.arn.description
        )
        try self.parts.versions.registerPending(token, of: secret, at: now, in: store)
        if trigger == .test {
            // The test sees a copy of the current value in the place of pending (`aws-api.md` §6.16).
            guard let current = try self.parts.versions.value(at: .current, of: secret.arn, in: store) else {
                throw StoreError.failed("the secret \(secret.arn) has no value")
            }
            let head = try store.head(of: secret.arn)
            try self.parts.versions.fillPending(token, of: head, with: current, at: now, in: store)
            (run.step, run.state) = (.testSecret, .testing)
        }
        try store.insert(run)
        try store.trimRuns(of: run.id.secret)
        try self.parts.audit(trigger == .test ? "TestRotationStarted" : "RotationStarted", of: run, at: now, in: store)
        return run
    }

    /// Starts the run of a due secret, or puts its due time off if a freeze or a neighbour of its stagger group forbids it now.
    ///
    /// - Returns: Whether a run was started.
    func startDue(_ due: SecretARN, strategy: RotationStrategy, at now: Timestamp, in store: StoreTransaction) throws -> Bool {
        guard var secret = try store.secret(due), secret.deletedAt == nil, var rotation = secret.rotation, rotation.isEnabled,
            let dueAt = rotation.dueAt, dueAt <= now, try store.unfinishedRun(of: due) == nil
        else { return false }
        if let later = try self.putOff(secret, rotation.rules, at: now, in: store) {
            rotation.dueAt = later
            secret.rotation = rotation
            try store.update(secret)
            return false
        }
        guard secret.labels.holder(of: .current) != nil else {
            // Nothing to rotate: the date stays in the past, which the overdue detector tells of (I11).
            rotation.dueAt = nil
            secret.rotation = rotation
            try store.update(secret)
            return false
        }
        let token = self.parts.randomness.versionID()
        _ = try self.start(token, of: secret, trigger: .schedule, strategy: strategy, at: now, in: store)
        return true
    }

    private func putOff(
        _ secret: SecretRecord,
        _ rules: RotationRules?,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> Timestamp? {
        guard let rules else { return nil }
        if let freeze = rules.freeze(at: now) {
            return try RotationPlanner(rules: rules).resumption(after: freeze, in: secret.rotation?.nextWindow, of: secret.arn)
        }
        guard let stagger = rules.stagger else { return nil }
        let others = try store.staggerGroup(stagger.group, in: secret.arn.scope).filter { $0.arn != secret.arn }
        let lastSuccess = others.compactMap { $0.rotation?.lastRotatedAt }.max()
        if let lastSuccess, now < lastSuccess + stagger.minimumGap { return lastSuccess + stagger.minimumGap }
        let isNeighbourRunning = try others.contains { try store.unfinishedRun(of: $0.arn)?.isTargetTouched == true }
        return isNeighbourRunning ? now + .minutes(5) : nil
    }
}
