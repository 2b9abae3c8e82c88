package import Auditing
package import SecretModel
package import Storage

extension SecretService {
    /// How a secret is to go.
    package enum Deletion: Hashable, Sendable {
        /// Recoverable for so many days.
        case afterDays(Int)
        case atOnce

        /// - Throws: `recoveryWindowOutOfRange`, `recoveryWindowWithForce`.
        package init(days: Int?, isForced: Bool) throws(SecretServiceError) {
            if let days, !(7...30).contains(days) { throw .recoveryWindowOutOfRange(days) }
            if isForced, days != nil { throw .recoveryWindowWithForce }
            self = isForced ? .atOnce : .afterDays(days ?? 30)
        }
    }

    /// Schedules a secret for deletion, or deletes it at once. At once, one that does not exist is a success too.
    ///
    /// - Returns: The ARN, and when the secret goes or went.
    package func delete(
        _ reference: SecretReference,
        _ deletion: Deletion,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> (SecretARN, Timestamp) {
        switch deletion {
        case .afterDays(let days):
            let date = origin.now + .days(Int64(days))
            let arn = try await self.write(origin) { try self.schedule(reference, at: date, origin, in: $0) }
            return (arn, date)
        case .atOnce:
            let arn = try await self.write(origin) { store in
                do {
                    return try self.deleteAtOnce(reference, origin, in: store)
                } catch SecretServiceError.noSuchSecret {
                    return self.someARN(for: reference, origin)
                }
            }
            return (arn, origin.now)
        }
    }

    private func schedule(
        _ reference: SecretReference,
        at date: Timestamp,
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws -> SecretARN {
        let response = { (secret: SecretARN) in Self.response(of: secret, date) }
        let (record, _) = try self.change(reference, origin, event: "DeleteSecret", response: response, in: store) { record, store in
            try Self.checkHasNoReplicas(record, reference)
            record.deletedAt = origin.now
            record.purgeAt = date
            try self.deletionHook(record, origin.now, store)
        }
        try self.auditVersions(.deletionStarted, of: record.arn, origin.requestID, at: origin.now, in: store)
        return record.arn
    }

    private func deleteAtOnce(_ reference: SecretReference, _ origin: RequestOrigin, in store: StoreTransaction) throws -> SecretARN {
        var record = try Self.find(reference, origin, in: store)
        guard !record.replication.isReplica else { throw SecretServiceError.replicaIsReadOnly }
        try Self.checkHasNoReplicas(record, reference)
        record.deletedAt = origin.now
        try self.deletionHook(record, origin.now, store)
        try self.audit("DeleteSecret", of: record.arn, response: Self.response(of: record.arn, origin.now), origin, in: store)
        try self.auditVersions(.deleted, of: record.arn, origin.requestID, at: origin.now, in: store)
        try store.delete(record.arn)
        try self.keyHook([], origin.now, store)
        return record.arn
    }

    /// Takes back a scheduled deletion; everything comes back as it was. No change on a secret that is not scheduled.
    package func restore(_ reference: SecretReference, _ origin: RequestOrigin) async throws(SecretServiceError) -> SecretRecord {
        try await self.write(origin) { store in
            var wasScheduled = false
            let (record, _) = try self.change(reference, origin, event: "RestoreSecret", allowsDeleted: true, in: store) { record, _ in
                wasScheduled = record.deletedAt != nil
                record.deletedAt = nil
                record.purgeAt = nil
            }
            if wasScheduled {
                try self.auditVersions(.deletionCancelled, of: record.arn, origin.requestID, at: origin.now, in: store)
            }
            return record
        }
    }

    /// Deletes those of the chosen secrets, of all accounts and regions, whose recovery window is over.
    ///
    /// - Returns: Which.
    func purge(_ chosen: Set<SecretARN>, at now: Timestamp) async throws(SecretServiceError) -> [SecretARN] {
        try await self.write { store in
            let gone = try store.purgeableSecrets(at: now).filter { chosen.contains($0) }
            for secret in gone {
                var random = self.random
                try self.auditVersions(.deletionEnded, of: secret, VersionID(using: &random).description, at: now, in: store)
                try store.delete(secret)
            }
            if !gone.isEmpty { try self.keyHook([], now, store) }
            return gone
        }
    }

    /// Tells of all versions that the secret has; before it is deleted.
    func auditVersions(
        _ change: VersionChange,
        of secret: SecretARN,
        _ requestID: String,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        try self.audit(change, of: try store.versionIDs(of: secret), of: secret, requestID: requestID, at: now, in: store)
    }

    /// DeleteSecret's answer, as CloudTrail shows it (`aws-service.md` §4.1).
    private static func response(of secret: SecretARN, _ date: Timestamp) -> JSONValue {
        ["name": .string(secret.name.description), "deletionDate": .string(date.cloudTrailText), "arn": .string(secret.description)]
    }

    private static func checkHasNoReplicas(_ secret: SecretRecord, _ reference: SecretReference) throws(SecretServiceError) {
        let regions = secret.replication.replicas.map(\.region)
        guard regions.isEmpty else { throw .hasReplicas(reference.text, regions) }
    }

    /// The answer to a forced deletion of nothing needs an ARN; AWS makes one up too.
    private func someARN(for reference: SecretReference, _ origin: RequestOrigin) -> SecretARN {
        var random = self.random
        switch reference {
        case .arn(let arn): return arn
        case .name(let name), .partialARN(_, let name): return SecretARN(name: name, scope: origin.scope, using: &random)
        }
    }
}
