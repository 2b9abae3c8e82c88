import RotationModel
package import SecretModel
package import Storage

/// Writes alert rows and their messages in the transaction that caused them (I9). Synchronous; delivery is the outbox's.
///
/// One firing notification per alert and cause, and one resolution: a repeated failure updates the row, and tells people again only when
/// its error code changes (`alerting.md` §3). Nothing that it writes holds a value (I8).
package struct AlertRecorder: Sendable {
    /// What happened to a run, for the table of alerts.
    package enum Event: Sendable {
        /// An attempt failed; the run waits, or is over for this window.
        case attemptFailed(RunRecord)
        /// The run needs a person. `allRefused`: nothing we hold logs in (I4).
        case parked(RunRecord, allRefused: Bool)
        /// The run was abandoned or cancelled when AWSCURRENT may no longer log in.
        case leftInDoubt(RunRecord)
        case succeeded(RunRecord)
        /// The labels had moved before, and what was still to do (finishSecret, retire) is done at last.
        case completed(RunRecord)
        /// The next rotation date passed without success (I11); the unfinished run if there is one.
        case overdue(RunRecord?)
        /// I4 found that someone else changed the credential.
        case drift(RunRecord)
        case rotationDisabled
        case secretDeleted
    }

    private let sinks: [String]
    let composer: NotificationComposer

    /// - Parameters:
    ///   - sinks: Names of the configured sinks; each gets one message per notification.
    ///   - source: The CloudEvents `source` of this installation, such as `/keyturn/db-host-1`.
    package init(sinks: [String], source: String = "/keyturn") {
        self.sinks = sinks
        self.composer = NotificationComposer(source: source)
    }

    /// - Parameters:
    ///   - event: What happened.
    ///   - secret: The secret as it is after the change.
    ///   - now: The time of the change.
    ///   - store: The transaction of the change itself.
    package func record(_ event: Event, of secret: SecretRecord, at now: Timestamp, in store: StoreTransaction) throws {
        switch event {
        case .attemptFailed(let run):
            let failures = max(run.attempt, secret.rotation?.consecutiveFailures ?? 0)
            let alert: AlertDefinition = failures >= AlertDefinition.failingThreshold ? .rotationFailing : .rotationFailed
            try self.fire(alert, Incident(secret: secret, run: run, attempts: failures), at: now, in: store)
        case .parked(let run, let allRefused):
            let failures = max(run.attempt, secret.rotation?.consecutiveFailures ?? 0)
            let alert: AlertDefinition = allRefused ? .credentialLockedOut : .rotationFailing
            try self.fire(alert, Incident(secret: secret, run: run, attempts: failures), at: now, in: store)
        case .leftInDoubt(let run):
            try self.fire(.rotationFailing, Incident(secret: secret, run: run, attempts: run.attempt), at: now, in: store)
        case .overdue(let run):
            try self.fire(.rotationOverdue, Incident(secret: secret, run: run, attempts: run?.attempt ?? 0), at: now, in: store)
        case .drift(let run):
            try self.fire(.credentialDrift, Incident(secret: secret, run: run, attempts: run.attempt), at: now, in: store)
        case .succeeded(let run):
            try self.resolve(.succeeded, Incident(secret: secret, run: run, attempts: run.attempt), at: now, in: store)
        case .completed(let run):
            // An overdue secret is not helped by the end of an older credential.
            let failures = [AlertDefinition.rotationFailed.name, AlertDefinition.rotationFailing.name]
            let incident = Incident(secret: secret, run: run, attempts: run.attempt)
            try self.resolve(.succeeded, incident, only: failures, at: now, in: store)
        case .rotationDisabled:
            try self.resolve(.rotationDisabled, Incident(secret: secret, run: nil, attempts: 0), at: now, in: store)
        case .secretDeleted:
            try self.resolve(.secretDeleted, Incident(secret: secret, run: nil, attempts: 0), at: now, in: store)
        }
    }

    private func fire(_ alert: AlertDefinition, _ incident: Incident, at now: Timestamp, in store: StoreTransaction) throws {
        let fingerprint = AlertFingerprint.of(alert.name, incident.secret.arn)
        let known = try store.alert(fingerprint)
        let errorCode = incident.run?.failure?.code.rawValue
        var record = AlertRecord(
            fingerprint: fingerprint,
            name: alert.name,
            secret: incident.secret.arn,
            severity: alert.severity.rawValue,
            startsAt: self.start(of: known, at: now),
            errorCode: errorCode,
            attempts: incident.attempts,
            data: .null
        )
        record.updatedAt = now
        record.data = self.composer.data(alert: record, status: .firing, incident: incident, at: now)
        try store.save(record)
        let isNews = known.map { $0.endsAt != nil || $0.errorCode != errorCode } ?? true
        guard isNews else { return }
        try self.tell(record, about: incident.secret.arn.description, type: alert.eventType, status: .firing, at: now, in: store)
    }

    /// A failure soon after a resolution re-opens the same incident (`alerting.md` §3).
    func start(of known: AlertRecord?, at now: Timestamp) -> Timestamp {
        guard let known else { return now }
        guard let end = known.endsAt else { return known.startsAt }
        return now - end < AlertRecorder.flapGuard ? known.startsAt : now
    }

    private func resolve(
        _ reason: NotificationComposer.Resolution,
        _ incident: Incident,
        only names: [String]? = nil,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        for var record in try store.firingAlerts(of: incident.secret.arn) where names?.contains(record.name) ?? true {
            record.endsAt = now
            record.updatedAt = now
            record.attempts = max(record.attempts, incident.attempts)
            record.data = self.composer.data(alert: record, status: .resolved(reason), incident: incident, at: now)
            try store.save(record)
            let subject = incident.secret.arn.description
            let type = AlertDefinition.resolvedEventType
            try self.tell(record, about: subject, type: type, status: .resolved(reason), at: now, in: store)
        }
    }

    /// - Parameter subject: The ARN of what the alert is about.
    func tell(
        _ alert: AlertRecord,
        about subject: String,
        type: String,
        status: NotificationComposer.Status,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        for sink in self.sinks {
            let id = AlertFingerprint.messageID(alert, sink: sink, status: status.name, at: now)
            let body = self.composer.body(id: id, type: type, subject: subject, data: alert.data, at: now)
            try store.insert(OutboxRecord(id: id, sink: sink, createdAt: now, body: body.text))
        }
    }

    private static let flapGuard: Duration = .minutes(10)
}

/// What a notification is about.
struct Incident {
    let secret: SecretRecord
    let run: RunRecord?
    let attempts: Int
}
