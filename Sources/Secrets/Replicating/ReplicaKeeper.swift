import Encryption
import KeyManagement
import SecretModel
import Storage

/// Saves secrets, and keeps the replicas of a primary in step with it in the same transaction (`aws-service.md` §6).
///
/// Every change of a secret that its replicas are to have goes through here; what concerns rotation alone does not, since a replica has no
/// rotation of its own.
struct ReplicaKeeper: Sendable {
    let keys: KeyUse

    /// Copies first, because what becomes of the copies is part of the primary's record.
    ///
    /// - Parameters:
    ///   - old: As for `StoreTransaction.update`.
    ///   - refilled: A version whose value may have been replaced (I3); all others never change once they have one.
    /// - Returns: The primary as it is now.
    /// - Throws: As `StoreTransaction.update`. A copy that cannot be encrypted is no error: its status says so.
    @discardableResult
    func save(
        _ primary: SecretRecord,
        from old: SecretRecord? = nil,
        refilled: VersionID? = nil,
        in store: StoreTransaction
    ) throws -> SecretRecord {
        guard case .primary(var replicas) = primary.replication else { return try store.update(primary, from: old) }
        for index in replicas.indices {
            let arn = primary.arn.inRegion(replicas[index].region)
            // Without a copy it failed from the start, and stays so until somebody asks again.
            guard let copy = try store.secret(arn), copy.replication.isReplica else { continue }
            replicas[index].status = try self.bring(copy, inStepWith: primary, refilled, in: store)
        }
        var record = primary
        record.replication = .primary(replicas)
        return try store.update(record, from: old)
    }

    /// Deletes versions that the primary has lost since it was saved. A copy that is not in step keeps its own: a label may stand on them.
    func drop(_ versions: [VersionID], of primary: SecretRecord, in store: StoreTransaction) throws {
        for replica in primary.replication.replicas where replica.status == .inSync && !versions.isEmpty {
            let arn = primary.arn.inRegion(replica.region)
            for version in versions { try store.deleteVersion(version, of: arn) }
        }
    }

    /// Makes the copy what the primary is.
    func bring(
        _ copy: SecretRecord,
        inStepWith primary: SecretRecord,
        _ refilled: VersionID? = nil,
        in store: StoreTransaction
    ) throws -> ReplicaRecord.Status {
        let changes: [VersionRecord]
        let (wanted, there) = (try store.versions(of: primary.arn), try store.versions(of: copy.arn))
        do {
            changes = try wanted.compactMap { version in
                do {
                    return try self.copied(version, refilled, to: copy, there, at: primary.changedAt, in: store)
                } catch KeyUseError.cannotDecrypt where primary.labels.labels(of: version.id).isEmpty {
                    // An old version stays under its old key, which may be gone: nobody asks the copy for it by a label.
                    return nil
                }
            }
        } catch let error as KeyUseError {
            return .failed("The value could not be encrypted for this region: \(error.cause)")
        } catch let error as EncryptionError {
            return .failed("The value could not be encrypted for this region: \(error)")
        }
        for version in changes {
            if there.contains(where: { $0.id == version.id }) { try store.update(version) } else { try store.insert(version) }
        }
        for version in there where !wanted.contains(where: { $0.id == version.id }) {
            try store.deleteVersion(version.id, of: copy.arn)
        }
        var record = copy
        record.description = primary.description
        record.type = primary.type
        record.tags = primary.tags
        record.resourcePolicy = primary.resourcePolicy
        record.labels = primary.labels
        record.changedAt = primary.changedAt
        try store.update(record, from: copy)
        return .inSync
    }

    /// The version as the copy has to have it; `nil` if it has it already.
    private func copied(
        _ version: VersionRecord,
        _ refilled: VersionID?,
        to copy: SecretRecord,
        _ there: [VersionRecord],
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> VersionRecord? {
        let old = there.first { $0.id == version.id }
        if let old, old.value != nil || version.value == nil, version.id != refilled { return nil }
        let value = try version.value.map { sealed in
            let plain = try self.keys.open(sealed, for: .version(version.secret, version.id), store)
            let binding = Binding.version(copy.arn, version.id)
            // Most copies are made without a caller who was asked for leave.
            let leave = KeyLeave.account(of: copy.arn)
            return try self.keys.seal(plain, for: binding, with: copy.kmsKeyID, in: copy.arn.scope, at: now, leave: leave, store)
        }
        var new = VersionRecord(secret: copy.arn, id: version.id, value: value, createdAt: version.createdAt)
        new.accessedDay = old?.accessedDay
        return new
    }
}
