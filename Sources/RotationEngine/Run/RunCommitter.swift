import Alerting
import RotationModel
import SecretModel
import Secrets
import Storage

/// Writes a `RunCommit`: state, labels, dates, audit and alerts in the caller's one transaction (I9).
struct RunCommitter: Sendable {
    let parts: EngineParts

    /// What there is after a commit.
    struct Written: Sendable {
        let run: RunRecord
        let labels: VersionLabels
    }

    /// - Throws: `StoreError.leaseLost`, `RunSuperseded`, and what store and keys throw; then nothing was written.
    func apply(_ commit: RunCommit, under lease: Lease, at now: Timestamp, in store: StoreTransaction) throws -> Written {
        var run = commit.run
        run.updatedAt = now
        // The lease is checked before anything else is looked at, and again, and given up if it is, with the last statement.
        try store.check(lease, of: run.id)
        for step in commit.steps { try store.append(step) }
        let labels: VersionLabels
        if commit.isPromotion {
            let secret = try self.secret(of: run, in: store)
            try run.checkSuperseded(by: secret.labels, isDeleted: secret.deletedAt != nil)
            labels = try self.promote(&run, of: secret, at: now, in: store).labels
        } else {
            let head = try store.head(of: run.id.secret)
            try run.checkSuperseded(by: head.labels, isDeleted: head.deletedAt != nil)
            labels = head.labels
            if let value = commit.fill {
                let isNew = !commit.isReplacement
                try self.parts.versions.fillPending(run.id.token, of: head, with: value, ifEmpty: isNew, at: now, in: store)
            }
        }
        if commit.raisesDrift { try self.parts.alerts.record(.drift(run), of: self.secret(of: run, in: store), at: now, in: store) }
        if let ending = commit.ending { try self.end(&run, ending, isPromotion: commit.isPromotion, at: now, in: store) }
        // Whatever earlier attempts asked for, the target has done it: a later one set the same value after them, or found it there.
        if commit.provesTarget, lease.term > 1 { try store.endHolds(of: run.id) }
        if let end = commit.doubt, run.lease == nil { try store.hold(run.id, under: lease, until: end, at: now) }
        try store.update(run, under: lease)
        // Labels and the run's end decide together which values are needed.
        if commit.isPromotion || commit.ending != nil { try self.parts.alerts.review(at: now, in: store) }
        return Written(run: run, labels: labels)
    }

    func secret(of run: RunRecord, in store: some ReadableStore) throws -> SecretRecord {
        guard let secret = try store.secret(run.id.secret) else { throw StoreError.noSuchSecret(run.id.secret) }
        return secret
    }

    /// - Returns: The secret as it is now.
    private func promote(
        _ run: inout RunRecord,
        of secret: SecretRecord,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> SecretRecord {
        let promoted = try self.parts.versions.promote(run.id.token, of: secret, at: now, in: store) { record in
            guard var rotation = record.rotation else { return }
            rotation.lastRotatedAt = now
            rotation.consecutiveFailures = 0
            try self.parts.replan(&rotation, of: record.arn, base: now, at: now, in: store)
            record.rotation = rotation
        }
        run.replaced = promoted.replaced
        (run.failedStep, run.failure) = (nil, nil)
        try self.parts.audit("RotationSucceeded", of: run, at: now, in: store)
        try self.parts.audit(purged: promoted.purged, by: run, at: now, in: store)
        try self.parts.alerts.record(.succeeded(run), of: promoted.secret, at: now, in: store)
        // What an older run would still have retired is what this one replaced, or is gone already.
        for var older in try store.retiringRuns(of: run.id.secret) where older.id != run.id {
            older.state = .retired
            older.nextAttemptAt = nil
            older.updatedAt = now
            try store.updateTakingOver(older)
        }
        return promoted.secret
    }
}

/// The run's version lost AWSPENDING to a newer value, or its secret is to be deleted.
struct RunSuperseded: Error {}

extension RunRecord {
    /// Whether the labels have moved: what is left are finishSecret and retire.
    var isPromoted: Bool { self.step == .finishSecret || self.step == .retire }

    /// Whether the target may have the run's value in the place of AWSCURRENT, as far as the last probe knows.
    var mayHaveReplacedCurrent: Bool {
        self.isTargetTouched && !self.isPromoted && self.strategy == .singleUser && self.candidates[.current]?.outcome != .accepted
    }

    /// Makes sure that no newer value came from elsewhere (`aws-service.md` §1.8, RotationAbandoned), and that the secret may be rotated.
    ///
    /// - Throws: `RunSuperseded`.
    func checkSuperseded(by labels: VersionLabels, isDeleted: Bool) throws(RunSuperseded) {
        if self.isSuperseded(by: labels, isDeleted: isDeleted) { throw RunSuperseded() }
    }

    func isSuperseded(by labels: VersionLabels, isDeleted: Bool) -> Bool {
        if self.isPromoted { return false }
        let isHolder = labels.holder(of: .pending) == self.id.token || labels.holder(of: .current) == self.id.token
        return !isHolder || isDeleted
    }
}

extension Lease? {
    /// By the wall clock: for whoever is not its holder.
    func isInForce(at now: Timestamp) -> Bool { self.map { $0.expires > now } ?? false }
}
