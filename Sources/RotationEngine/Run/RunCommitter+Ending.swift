import Alerting
import RotationModel
import SecretModel
import Secrets
import Storage

extension RunCommitter {
    /// Writes how an attempt ended into the run, and tells of it.
    ///
    /// - Parameter isPromotion: Whether the same transaction has promoted the run, and so has ended its alerts.
    func end(_ run: inout RunRecord, _ ending: RunEnding, isPromotion: Bool, at now: Timestamp, in store: StoreTransaction) throws {
        run.lease = nil
        switch ending {
        case .waiting(let until, let failure):
            (run.state, run.nextAttemptAt) = (.waiting, until)
            try self.tell(failure, of: &run, at: now, in: store)
        case .failed(let next, let failure):
            (run.state, run.nextAttemptAt, run.window) = (.failed, next.start, next)
            try self.tell(failure, of: &run, at: now, in: store)
        case .parked(let failure, let allRefused):
            (run.state, run.nextAttemptAt) = (.parked, nil)
            try self.tell(failure, of: &run, parks: allRefused, at: now, in: store)
        case .succeeded(let retireAt, let failure):
            (run.failedStep, run.failure) = (failure.map { _ in .finishSecret }, failure)
            (run.state, run.nextAttemptAt, run.finishedAt) = (retireAt == nil ? .succeeded : .retiring, retireAt, now)
            if failure == nil, !isPromotion { try self.complete(run, at: now, in: store) }
            if retireAt != nil { (run.step, run.attempt) = (.retire, 0) }
        case .retired:
            (run.state, run.nextAttemptAt, run.failedStep, run.failure) = (.retired, nil, nil, nil)
            try self.parts.audit("CredentialRetired", of: run, at: now, in: store)
            try self.complete(run, at: now, in: store)
        case .retireFailed(let next, let failure):
            (run.state, run.nextAttemptAt) = (.retiring, next)
            try self.tell(failure, of: &run, at: now, in: store)
        case .tested(let failure): try self.endTest(&run, failure, at: now, in: store)
        }
    }

    /// Ends a run that is not ours to finish. Its pending value stays: if the target was touched it may be the live one (W1).
    func abandon(_ run: inout RunRecord, at now: Timestamp, in store: StoreTransaction) throws {
        run.lease = nil
        (run.state, run.nextAttemptAt, run.finishedAt, run.updatedAt) = (.abandoned, nil, now, now)
        if run.trigger == .test {
            try self.parts.versions.dropPending(run.id.token, of: run.id.secret, isTemporary: true, at: now, in: store)
        }
        try self.tellOfDoubt(&run, at: now, in: store)
        try self.parts.audit("RotationAbandoned", of: run, at: now, in: store)
        guard var secret = try store.secret(run.id.secret), var rotation = secret.rotation, rotation.isEnabled else { return }
        try self.parts.replan(&rotation, of: run.id.secret, base: now, at: now, in: store)
        secret.rotation = rotation
        try store.update(secret)
    }

    /// A run that ends after it has begun to change the one credential that there is may leave AWSCURRENT refused: a person is told.
    func tellOfDoubt(_ run: inout RunRecord, at now: Timestamp, in store: StoreTransaction) throws {
        guard run.mayHaveReplacedCurrent, let secret = try store.secret(run.id.secret), secret.deletedAt == nil else { return }
        run.failure = RotationFailure(
            .conflict,
            "the run was \(run.state.rawValue) after it had begun to change the credential: AWSCURRENT may log in no more",
            hint: "Rotate the secret: the next run asks the target first which value it accepts, the one of this run included.",
            applied: .unknown
        )
        run.failedStep = run.step
        try self.parts.alerts.record(.leftInDoubt(run), of: secret, at: now, in: store)
    }

    /// Ends the alerts of attempts that failed after the promotion, which has ended all others.
    private func complete(_ run: RunRecord, at now: Timestamp, in store: StoreTransaction) throws {
        try self.parts.alerts.record(.completed(run), of: self.secret(of: run, in: store), at: now, in: store)
    }

    private func tell(
        _ failure: RotationFailure,
        of run: inout RunRecord,
        parks allRefused: Bool? = nil,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        (run.failedStep, run.failure) = (run.step, failure)
        let known = try self.secret(of: run, in: store)
        var secret = known
        if !run.isPromoted, var rotation = secret.rotation {
            rotation.consecutiveFailures += 1
            secret.rotation = rotation
            secret = try store.update(secret, from: known)
        }
        try self.parts.audit("RotationFailed", of: run, failure, at: now, in: store)
        let event: AlertRecorder.Event = allRefused.map { .parked(run, allRefused: $0) } ?? .attemptFailed(run)
        try self.parts.alerts.record(event, of: secret, at: now, in: store)
    }

    /// The temporary version goes in every case; a test is never tried again.
    private func endTest(_ run: inout RunRecord, _ failure: RotationFailure?, at now: Timestamp, in store: StoreTransaction) throws {
        try self.parts.versions.dropPending(run.id.token, of: run.id.secret, isTemporary: true, at: now, in: store)
        (run.failedStep, run.failure) = (failure.map { _ in .testSecret }, failure)
        (run.state, run.nextAttemptAt, run.finishedAt) = (failure == nil ? .succeeded : .cancelled, nil, now)
        try self.parts.audit(failure == nil ? "TestRotationSucceeded" : "TestRotationFailed", of: run, failure, at: now, in: store)
    }
}
