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
            target: rotation.target ?? secret.arn.description,
            boundAccount: rotation.account
        )
        try self.parts.versions.registerPending(token, of: secret, at: now, in: store)
        if trigger == .test {
            // The test sees a copy of the current value in the place of pending (`aws-api.md` §6.16).
            guard let current = try self.parts.versions.value(at: .current, of: secret.arn, in: store) else {
                throw StoreError.failed("the secret \(secret.arn) has no value")
            }
            let head = try store.head(of: secret.arn)
            try self.parts.versions.fillPending(token, of: head, with: current, ifEmpty: true, at: now, in: store)
            (run.step, run.state) = (.testSecret, .testing)
        }
        try store.insert(run)
        try store.trimRuns(of: run.id.secret)
        try self.parts.audit(trigger == .test ? "TestRotationStarted" : "RotationStarted", of: run, at: now, in: store)
        return run
    }

    /// Starts the run of a due secret, or puts its due time off if a freeze or a neighbour of its stagger group forbids it now.
    ///
    /// - Parameter rotator: `nil` if it is missing, which the run tells of.
    /// - Returns: Whether a run was started.
    func startDue(_ due: SecretARN, with rotator: (any Rotator)?, at now: Timestamp, in store: StoreTransaction) throws -> Bool {
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
        try self.rebind(&secret, rotator, in: store)
        let token = self.parts.randomness.versionID()
        let strategy = rotator?.manifest.strategy ?? .singleUser
        _ = try self.start(token, of: secret, trigger: .schedule, strategy: strategy, at: now, in: store)
        return true
    }

    /// Follows a value that somebody has put for another account or host. Where that account is another secret's, or an admin secret was
    /// bound for the old one (`rotation-contract.md` W24), the binding stays, and the run tells of it before it touches anything.
    private func rebind(_ secret: inout SecretRecord, _ rotator: (any Rotator)?, in store: StoreTransaction) throws {
        guard var rotation = secret.rotation, let rotator, rotation.admin == nil, rotation.account != nil,
            let identity = try self.identity(of: secret.arn, rotation, rotator, in: store),
            !rotation.isBound(to: identity)
        else { return }
        let owner = try store.owner(ofAccount: identity.account, onTarget: identity.target)
        guard owner == nil || owner == secret.arn else { return }
        rotation.bind(to: identity)
        secret.rotation = rotation
        secret = try store.update(secret)
    }

    /// The account that AWSCURRENT names; `nil` where it cannot be read or names none, of which the run tells.
    private func identity(
        of secret: SecretARN,
        _ rotation: RotationRecord,
        _ rotator: any Rotator,
        in store: StoreTransaction
    ) throws -> TargetIdentity? {
        do {
            guard let current = try self.parts.versions.value(at: .current, of: secret, in: store) else { return nil }
            return try rotator.identity(of: current, settings: rotation.rotatorSettings)
        } catch let error as StoreError {
            throw error
        } catch {
            return nil
        }
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
        // What lies ahead was written by a clock that was ahead.
        let lastSuccess = others.compactMap { $0.rotation?.lastRotatedAt }.filter { $0 <= now }.max()
        if let lastSuccess, now < lastSuccess + stagger.minimumGap { return lastSuccess + stagger.minimumGap }
        // A neighbour that waits for a person, or for a target that is down, does not stop its whole group.
        let isNeighbourRunning = try others.contains { other in
            guard let run = try store.unfinishedRun(of: other.arn), run.isTargetTouched else { return false }
            return run.lease.isInForce(at: now) || now < run.startedAt + stagger.minimumGap
        }
        return isNeighbourRunning ? now + .minutes(5) : nil
    }
}
