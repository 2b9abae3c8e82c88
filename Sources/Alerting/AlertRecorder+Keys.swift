package import Encryption
package import SecretModel
package import Storage

extension AlertRecorder {
    /// Brings the alerts about a KMS key in step with its state: to be called in the transaction that changed it.
    ///
    /// At most one of them fires for a key.
    ///
    /// - Parameter key: As it is, or was before it was deleted.
    package func record(_ key: AccountKeyRecord, at now: Timestamp, in store: StoreTransaction) throws {
        let found = try store.accountKey(key.id)
        let key = found ?? key
        let isUsable = found?.state == .enabled
        let (count, first) = found == nil || isUsable ? (0, []) : try store.secrets(under: key.id, naming: KeyIncident.named)
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

    /// The same where a secret has come under these keys, or from under them: the last one that leaves ends an alert, and one that comes back
    /// may raise it. Whom it concerns is said as it was when the alert began: to count again for each secret would cost too much.
    package func review(_ keys: Set<KeyID>, at now: Timestamp, in store: StoreTransaction) throws {
        for id in keys {
            guard let key = try store.accountKey(id), key.state != .enabled else { continue }
            let isFiring = try [AlertDefinition.keyDisabled, .keyDeletionScheduled].contains { alert in
                try store.alert(AlertFingerprint.of(alert.name, arn: key.arn)).map { $0.endsAt == nil } ?? false
            }
            if try store.hasSecrets(under: id) != isFiring { try self.record(key, at: now, in: store) }
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
            fingerprint: AlertFingerprint.of(alert.name, arn: incident.key.arn),
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
        if let known, known.endsAt == nil { return }
        try store.save(record)
        try self.tell(record, about: incident.key.arn, type: alert.eventType, status: .firing, at: now, in: store)
    }

    private func resolve(_ known: AlertRecord, _ incident: KeyIncident, at now: Timestamp, in store: StoreTransaction) throws {
        var record = known
        record.endsAt = now
        record.updatedAt = now
        let status = NotificationComposer.Status.resolved(incident.resolution)
        record.data = self.composer.data(alert: record, status: status, incident, at: now)
        try store.save(record)
        try self.tell(record, about: incident.key.arn, type: AlertDefinition.resolvedEventType, status: status, at: now, in: store)
    }
}

/// A KMS key and who needs it.
struct KeyIncident {
    /// So many secrets are named in a notification.
    static let named = 10

    let key: AccountKeyRecord
    let isGone: Bool
    /// How many secrets cannot be read without the key.
    let count: Int
    /// Some of them.
    let first: [SecretARN]

    /// Which alert fires.
    var alert: AlertDefinition? {
        guard !self.isGone, self.count > 0 else { return nil }
        return switch self.key.state {
        case .enabled: nil
        case .disabled: .keyDisabled
        case .pendingDeletion: .keyDeletionScheduled
        }
    }

    var errorCode: String { self.key.state == .pendingDeletion ? "key_pending_deletion" : "key_disabled" }

    /// Why an alert that is not the one of `alert` ends.
    var resolution: NotificationComposer.Resolution {
        if self.isGone { return .keyDeleted }
        switch self.key.state {
        case .enabled: return .keyEnabled
        case _ where self.count == 0: return .keyNotNeeded
        case .disabled: return .keyDeletionCancelled
        case .pendingDeletion: return .keyDeletionScheduled
        }
    }
}
