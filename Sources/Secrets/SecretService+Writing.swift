package import Auditing
import Encryption
import KeyManagement
import RotationModel
package import SecretModel
package import Storage

extension SecretService {
    /// Adds a version with the given labels, or AWSCURRENT if none are given. Fills the empty version of a run that has this token.
    ///
    /// The same call again succeeds and changes nothing.
    ///
    /// - Returns: The secret, and all labels that the version now has.
    package func put(
        _ value: SecretValue,
        token: VersionID,
        labels: [StagingLabel] = [],
        to reference: SecretReference,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> (SecretRecord, [StagingLabel]) {
        try await self.change(reference, origin, event: "PutSecretValue") { record, store in
            try self.write(value, token: token, labels: labels.isEmpty ? [.current] : labels, to: &record, origin, in: store)
            return record.labels.labels(of: token)
        }
    }

    /// What UpdateSecret may change. `nil` leaves things as they are.
    package struct Update: Sendable {
        /// Becomes AWSCURRENT.
        package var value: SecretValue?
        /// Empty clears it.
        package var description: String?
        /// Empty is the default key.
        package var kmsKeyID: String?
        /// Empty clears it.
        package var type: String?

        package init(value: SecretValue? = nil, description: String? = nil, kmsKeyID: String? = nil, type: String? = nil) {
            self.value = value
            self.description = description
            self.kmsKeyID = kmsKeyID
            self.type = type
        }
    }

    /// - Parameter token: Becomes the version's id if there is a value; else unused.
    package func update(
        _ reference: SecretReference,
        _ update: Update,
        token: VersionID,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> SecretRecord {
        try await self.write(origin) { try self.update(reference, update, token: token, origin, in: $0) }
    }

    /// `update` in the caller's transaction, which a refusal must end.
    package func update(
        _ reference: SecretReference,
        _ update: Update,
        token: VersionID,
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws -> SecretRecord {
        let parameters: JSONValue = ["secretId": .string(reference.text), "clientRequestToken": .string(token.description)]
        // The key is all that a replica has of its own.
        let isKeyOnly = update.value == nil && update.description == nil && update.type == nil && update.kmsKeyID != nil
        let (record, _) = try self.change(
            reference,
            origin,
            event: "UpdateSecret",
            parameters: parameters,
            allowsReplica: isKeyOnly,
            in: store
        ) { record, store in
            if let text = update.description { record.description = text.isEmpty ? nil : text }
            if let key = update.kmsKeyID { record.kmsKeyID = try self.kmsKeyID(key, of: record.arn, at: origin.now, in: store) }
            if let type = update.type { record.type = type.isEmpty ? nil : type }
            if let value = update.value {
                try self.write(value, token: token, labels: [.current], to: &record, origin, in: store)
            }
            if update.kmsKeyID != nil, try self.reEncrypt(record, hasNewValue: update.value != nil, at: origin.now, in: store) {
                record.changedAt = Self.changeDate(after: record.changedAt, now: origin.now)
            }
        }
        return record
    }

    /// Stores a value under a token and moves the labels, as PutSecretValue and UpdateSecret have in common.
    private func write(
        _ value: SecretValue,
        token: VersionID,
        labels: [StagingLabel],
        to record: inout SecretRecord,
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws {
        if var version = try store.version(token, of: record.arn) {
            guard version.value == nil else {
                guard try self.holds(version, value, in: store) else { throw SecretServiceError.tokenInUse(token, record.arn) }
                return
            }
            version.value = try self.seal(value, token, of: record, at: origin.now, in: store)
            try store.update(version)
        } else {
            let sealed = try self.seal(value, token, of: record, at: origin.now, in: store)
            try store.insert(VersionRecord(secret: record.arn, id: token, value: sealed, createdAt: origin.now))
        }
        record.changedAt = Self.changeDate(after: record.changedAt, now: origin.now)
        let current = record.labels.holder(of: .current)
        for label in labels { record.labels.attach(label, to: token) }
        if record.labels.holder(of: .current) == nil { record.labels.attach(.current, to: token) }
        guard record.labels.count <= SecretRecord.labelLimit else {
            throw SecretServiceError.tooManyLabels(limit: SecretRecord.labelLimit)
        }
        if record.labels.holder(of: .current) != current {
            try self.abandonRun(of: &record, unless: token, at: origin.now, in: store)
            record.rotation = try record.rotationCounted(from: origin.now, in: store, logger: self.logger)
        }
        let purged = try store.purgeSurplusVersions(of: record.arn, at: origin.now)
        try self.audit(.deleted, of: purged, of: record.arn, requestID: origin.requestID, at: origin.now, in: store)
    }

    /// A newer value abandons the run that is under way: AWSPENDING comes off the run's version, which the engine notices, since it looks
    /// at the run at once. A value that the run has put there stays a candidate (I1); an empty version holds nothing and goes.
    private func abandonRun(
        of record: inout SecretRecord,
        unless token: VersionID,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        guard let run = try store.unfinishedRun(of: record.arn)?.id.token, run != token,
            record.labels.holder(of: .pending) == run
        else { return }
        record.labels.remove(.pending)
        try store.wake(RunID(secret: record.arn, token: run), at: now)
        guard record.labels.labels(of: run).isEmpty, let version = try store.version(run, of: record.arn), version.value == nil else {
            return
        }
        try store.deleteVersion(run, of: record.arn)
    }
}

extension SecretRecord {
    /// Labels per secret (`aws-api.md` §10).
    static let labelLimit = 20
}

extension SecretReference {
    /// As a caller writes it.
    package var text: String {
        switch self {
        case .name(let name): name.description
        case .arn(let arn): arn.description
        case .partialARN(let scope, let name): "arn:aws:secretsmanager:\(scope.region):\(scope.account):secret:\(name)"
        }
    }
}
