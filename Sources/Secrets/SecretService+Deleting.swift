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
        let details: JSONValue = [
            "secretId": .string(reference.text),
            "forceDeleteWithoutRecovery": .bool(deletion == .atOnce),
        ]
        switch deletion {
        case .afterDays(let days):
            let date = origin.now + .days(Int64(days))
            let (record, _) = try await self.change(reference, origin, event: "DeleteSecret", details: details) { record, store in
                try Self.checkHasNoReplicas(record, reference)
                record.deletedAt = origin.now
                record.purgeAt = date
                try self.deletionHook(record, origin.now, store)
            }
            return (record.arn, date)
        case .atOnce:
            let arn = try await self.write { store in
                do {
                    var record = try Self.find(reference, origin, in: store)
                    guard !record.replication.isReplica else { throw SecretServiceError.replicaIsReadOnly }
                    try Self.checkHasNoReplicas(record, reference)
                    record.deletedAt = origin.now
                    try self.deletionHook(record, origin.now, store)
                    try store.delete(record.arn)
                    try self.audit("DeleteSecret", of: record.arn, details, origin, in: store)
                    return record.arn
                } catch SecretServiceError.noSuchSecret {
                    return self.someARN(for: reference, origin)
                }
            }
            return (arn, origin.now)
        }
    }

    /// Takes back a scheduled deletion; everything comes back as it was. No change on a secret that is not scheduled.
    package func restore(_ reference: SecretReference, _ origin: RequestOrigin) async throws(SecretServiceError) -> SecretRecord {
        let details: JSONValue = ["secretId": .string(reference.text)]
        let (record, _) = try await self.change(
            reference,
            origin,
            event: "RestoreSecret",
            details: details,
            allowsDeleted: true
        ) { record, _ in
            record.deletedAt = nil
            record.purgeAt = nil
        }
        return record
    }

    /// Deletes those of the chosen secrets, of all accounts and regions, whose recovery window is over.
    ///
    /// - Returns: Which.
    func purge(_ chosen: Set<SecretARN>, at now: Timestamp) async throws(SecretServiceError) -> [SecretARN] {
        try await self.write { store in
            let gone = try store.purgeableSecrets(at: now).filter { chosen.contains($0) }
            for secret in gone {
                var random = self.random
                let origin = RequestOrigin(
                    scope: secret.scope,
                    principal: "secretsmanager.amazonaws.com",
                    requestID: VersionID(using: &random).description,
                    now: now
                )
                try store.delete(secret)
                try self.audit("EndSecretVersionDelete", of: secret, nil, origin, in: store)
            }
            return gone
        }
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
