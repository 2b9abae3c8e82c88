import Alerting
import RotationModel
import SecretModel
import Secrets
import Storage

/// Writes a `RunCommit`: state, labels, dates, audit and alerts in the caller's one transaction (I9).
struct RunCommitter: Sendable {
    let parts: EngineParts

    /// - Returns: The run as it was written.
    /// - Throws: `StoreError.leaseLost`, `RunSuperseded`, and what store and keys throw; then nothing was written.
    func apply(_ commit: RunCommit, under lease: Lease, at now: Timestamp, in store: StoreTransaction) throws -> RunRecord {
        var run = commit.run
        run.updatedAt = now
        // The lease is checked before anything else is looked at, and given up, if it is, with the last statement.
        run.lease = lease
        try store.update(run, under: lease)
        for step in commit.steps { try store.append(step) }
        guard let head = try store.head(matching: .arn(run.id.secret), in: run.id.secret.scope) else {
            throw StoreError.noSuchSecret(run.id.secret)
        }
        guard !run.isSuperseded(by: head) else { throw RunSuperseded() }
        if let value = commit.fill {
            try self.parts.versions.fillPending(run.id.token, of: run.id.secret, with: value, at: now, in: store)
        }
        if commit.raisesDrift { try self.parts.alerts.record(.drift(run), of: self.secret(of: run, in: store), at: now, in: store) }
        if commit.isPromotion { try self.promote(&run, at: now, in: store) }
        if let ending = commit.ending { try self.end(&run, ending, at: now, in: store) }
        if commit.run.lease == nil { run.lease = nil }
        try store.update(run, under: lease)
        return run
    }

    func secret(of run: RunRecord, in store: some ReadableStore) throws -> SecretRecord {
        guard let secret = try store.secret(run.id.secret) else { throw StoreError.noSuchSecret(run.id.secret) }
        return secret
    }

    private func promote(_ run: inout RunRecord, at now: Timestamp, in store: StoreTransaction) throws {
        let promoted = try self.parts.versions.promote(run.id.token, of: run.id.secret, at: now, in: store)
        run.replaced = promoted.replaced
        var secret = promoted.secret
        if var rotation = secret.rotation {
            rotation.lastRotatedAt = now
            rotation.consecutiveFailures = 0
            try self.parts.replan(&rotation, of: run.id.secret, base: now, at: now, in: store)
            secret.rotation = rotation
            secret = try store.update(secret)
        }
        (run.failedStep, run.failure) = (nil, nil)
        try self.parts.audit("RotationSucceeded", of: run, at: now, in: store)
        try self.parts.audit(purged: promoted.purged, by: run, at: now, in: store)
        try self.parts.alerts.record(.succeeded(run), of: secret, at: now, in: store)
        // What an older run would still have retired is what this one replaced, or is gone already.
        for var older in try store.runs(of: run.id.secret, limit: 20) where older.state == .retiring && older.id != run.id {
            older.state = .retired
            older.nextAttemptAt = nil
            older.updatedAt = now
            try store.updateTakingOver(older)
        }
    }
}

/// The run's version lost AWSPENDING to a newer value, or its secret is to be deleted.
struct RunSuperseded: Error {}

extension RunRecord {
    /// Whether the labels have moved: what is left are finishSecret and retire.
    var isPromoted: Bool { self.step == .finishSecret || self.step == .retire }

    /// Whether a newer value came from elsewhere (`aws-service.md` §1.8, RotationAbandoned), or the secret may not be rotated any more.
    func isSuperseded(by secret: SecretHead) -> Bool {
        if self.isPromoted { return false }
        if secret.deletedAt != nil { return true }
        let (pending, current) = (secret.labels.holder(of: .pending), secret.labels.holder(of: .current))
        return pending != self.id.token && current != self.id.token
    }
}
