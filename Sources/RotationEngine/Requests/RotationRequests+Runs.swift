import Alerting
package import Auditing
import RotationModel
package import SecretModel
import Secrets
package import Storage

extension RotationRequests {
    /// Turns rotation off and cancels the run in progress. Rules and rotator are kept, labels are left as they are (`aws-api.md` §6.16):
    /// if the run had touched the target, its pending value stays a candidate of the next run (W1).
    ///
    /// - Returns: The secret and, if a run was in progress, its token.
    package func cancel(
        _ reference: SecretReference,
        in scope: SecretScope,
        by origin: RequestOrigin
    ) async throws(RotationRequestError) -> (SecretRecord, VersionID?) {
        try await self.committed(for: origin) { now, store in
            let snapshot = try RotationSnapshot(reference, in: scope, token: nil, readsValue: false, parts: self.parts, store: store)
            guard snapshot.secret.rotation != nil else { throw RotationRequestError.neverConfigured }
            var secret = try self.stored(snapshot.secret.arn, in: store)
            if var rotation = secret.rotation {
                rotation.isEnabled = false
                (rotation.nextWindow, rotation.dueAt, rotation.maxAgeDeadline) = (nil, nil, nil)
                rotation.consecutiveFailures = 0
                secret.rotation = rotation
                secret.changedAt = now
                secret = try store.update(secret)
            }
            try self.parts.alerts.record(.rotationDisabled, of: secret, at: now, in: store)
            if let run = snapshot.unfinished { try self.end(run, at: now, in: store) }
            secret = try self.stored(secret.arn, in: store)
            let token = snapshot.unfinished?.id.token
            try self.parts.audit("CancelRotateSecret", of: secret, token: token, by: origin, in: store)
            return (secret, token)
        }
    }

    /// Takes a waiting, failed or parked run up again, now, with the same token and value (I3); or a retirement that failed.
    package func retry(
        _ reference: SecretReference,
        in scope: SecretScope,
        by origin: RequestOrigin
    ) async throws(RotationRequestError) -> RunRecord {
        let run = try await self.committed(for: origin) { now, store in
            let snapshot = try RotationSnapshot(reference, in: scope, token: nil, readsValue: false, parts: self.parts, store: store)
            let stuck = try snapshot.unfinished ?? store.runs(of: snapshot.secret.arn, limit: 20).first { $0.isRetirementFailing }
            guard var run = stuck, run.isRetirementFailing || [.waiting, .failed, .parked].contains(run.state) || run.isPutOff(at: now),
                !run.lease.isInForce(at: now)
            else { throw RotationRequestError.nothingToRetry }
            if run.state != .retiring { run.state = .waiting }
            run.nextAttemptAt = now
            run.updatedAt = now
            // A person has looked at it: the window counts no more, and policy may have changed.
            run.window = nil
            run.regenerations = 0
            try store.updateTakingOver(run)
            try self.parts.audit("RetryRotation", of: snapshot.secret, token: run.id.token, by: origin, in: store)
            return run
        }
        self.poke()
        return run
    }

    private func end(_ unfinished: RunRecord, at now: Timestamp, in store: StoreTransaction) throws {
        var run = unfinished
        run.lease = nil
        run.state = run.isPromoted ? .succeeded : .cancelled
        (run.nextAttemptAt, run.finishedAt, run.updatedAt) = (nil, now, now)
        try RunCommitter(parts: self.parts).tellOfDoubt(&run, at: now, in: store)
        try store.updateTakingOver(run)
        if run.trigger == .test {
            try self.parts.versions.dropPending(run.id.token, of: run.id.secret, isTemporary: true, at: now, in: store)
        }
    }
}

extension RunRecord {
    /// Whether the run begins later than now: it was started by a wall clock that was ahead.
    fileprivate func isPutOff(at now: Timestamp) -> Bool { self.nextAttemptAt.map { $0 > now } ?? false }

    /// Whether retire has failed: after an error that retrying cannot mend only a person can take it up again.
    fileprivate var isRetirementFailing: Bool { self.state == .retiring && self.failure != nil }
}
