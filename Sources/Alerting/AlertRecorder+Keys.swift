package import Encryption
package import SecretModel
package import Storage

extension AlertRecorder {
    /// Brings the alerts about a KMS key in step with its state: to be called in the transaction that changed it.
    ///
    /// At most one of them fires for a key. That of a key that was deleted while secrets needed it fires until none has a value under it.
    ///
    /// - Parameter key: As it is, or was before it was deleted.
    package func record(_ key: AccountKeyRecord, at now: Timestamp, in store: StoreTransaction) throws {
        let found = try store.accountKey(key.id)
        let key = found ?? key
        let (named, isEnabled) = (KeyIncident.named, found?.state == .enabled)
        let (count, first) =
            isEnabled ? (0, []) : try store.secrets(under: key.id, includingDeleted: key.countsDeletedSecrets, naming: named)
        let incident = KeyIncident(key: key, isGone: found == nil, count: count, first: first)
        for alert in [AlertDefinition.keyDisabled, .keyDeletionScheduled] {
            let known = try store.alert(AlertFingerprint.of(alert.name, arn: key.arn))
            if alert == incident.alert {
                try self.fire(alert, known, incident, at: now, in: store)
            } else if let known, known.endsAt == nil {
                try self.resolve(known, incident, at: now, in: store)
            }
        }
    }

    /// The same where values of secrets have come under these keys, or from under any: the last one that leaves ends an alert, and one
    /// that comes back may raise it. Whom it concerns is said as it was when the alert began: to count again for each secret would cost
    /// too much.
    ///
    /// One search of an index if no alert about a key fires and no keys are given.
    package func review(_ keys: Set<KeyID> = [], at now: Timestamp, in store: StoreTransaction) throws {
        var firing: Set<KeyID> = []
        for alert in try store.firingKeyAlerts() {
            guard let lost = KeyIncident(of: alert) else { continue }
            firing.insert(lost.id)
            let key = try store.accountKey(lost.id)
            guard try !store.hasSecrets(under: lost.id, includingDeleted: key?.countsDeletedSecrets ?? true) else { continue }
            if let key { try self.record(key, at: now, in: store) } else { try self.resolve(alert, lost, at: now, in: store) }
        }
        for id in keys.subtracting(firing) {
            guard let key = try store.accountKey(id), key.state != .enabled else { continue }
            guard try store.hasSecrets(under: id, includingDeleted: key.countsDeletedSecrets) else { continue }
            try self.record(key, at: now, in: store)
        }
    }

    private func fire(
        _ alert: AlertDefinition,
        _ known: AlertRecord?,
        _ incident: KeyIncident,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        var record = AlertRecord(
            fingerprint: AlertFingerprint.of(alert.name, arn: incident.arn),
            name: alert.name,
            secret: nil,
            severity: alert.severity.rawValue,
            startsAt: self.start(of: known, at: now),
            errorCode: incident.errorCode,
            attempts: 0,
            data: .null
        )
        record.updatedAt = now
        record.data = self.composer.data(alert: record, status: .firing, incident, at: now)
        if let known, known.endsAt == nil, known.errorCode == record.errorCode { return }
        try store.save(record)
        try self.tell(record, about: incident.arn, type: alert.eventType, status: .firing, at: now, in: store)
    }

    private func resolve(_ known: AlertRecord, _ incident: KeyIncident, at now: Timestamp, in store: StoreTransaction) throws {
        var record = known
        record.endsAt = now
        record.updatedAt = now
        let status = NotificationComposer.Status.resolved(incident.resolution)
        record.data = self.composer.data(alert: record, status: status, incident, at: now)
        try store.save(record)
        try self.tell(record, about: incident.arn, type: AlertDefinition.resolvedEventType, status: status, at: now, in: store)
    }
}

/// A KMS key and who needs it.
struct KeyIncident {
    /// So many secrets are named in a notification.
    static let named = 10

    let id: KeyID
    let arn: String
    let state: AccountKeyRecord.State
    let deletionAt: Timestamp?
    /// Whether the key was deleted, and the values under it are lost.
    let isGone: Bool
    /// How many secrets need the key.
    let count: Int
    /// Some of them.
    let first: [SecretARN]

    init(key: AccountKeyRecord, isGone: Bool, count: Int, first: [SecretARN]) {
        (self.id, self.arn, self.state, self.deletionAt) = (key.id, key.arn, key.state, key.deletionAt)
        (self.isGone, self.count, self.first) = (isGone, count, first)
    }

    /// What is left of the key of an alert once it is gone and nobody needs it; `nil` if the alert is about no key.
    init?(of alert: AlertRecord) {
        guard let key = alert.data["key"], let id = key["id"]?.stringValue, let arn = key["arn"]?.stringValue else { return nil }
        (self.id, self.arn, self.state) = (KeyID(id), arn, .pendingDeletion)
        self.deletionAt = key["deletionDate"]?.stringValue.flatMap { Timestamp(rfc3339: $0) }
        (self.isGone, self.count, self.first) = (true, 0, [])
    }

    /// Which alert fires.
    var alert: AlertDefinition? {
        guard self.count > 0 else { return nil }
        if self.isGone { return .keyDeletionScheduled }
        return switch self.state {
        case .enabled: nil
        case .disabled: .keyDisabled
        case .pendingDeletion: .keyDeletionScheduled
        }
    }

    var errorCode: String {
        if self.isGone { return "key_deleted" }
        return self.state == .pendingDeletion ? "key_pending_deletion" : "key_disabled"
    }

    /// Why an alert that is not the one of `alert` ends.
    var resolution: NotificationComposer.Resolution {
        switch self.state {
        case .enabled: .keyEnabled
        case _ where self.count == 0: .keyNotNeeded
        case .disabled: .keyDeletionCancelled
        case .pendingDeletion: .keyDeletionScheduled
        }
    }
}

extension AccountKeyRecord {
    /// Whether secrets that are scheduled for deletion need it too: they may be restored when the key is gone.
    fileprivate var countsDeletedSecrets: Bool { self.state == .pendingDeletion }
}
