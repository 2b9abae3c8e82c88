package import Auditing
import Encryption
import KeyManagement
package import SecretModel
package import Storage

extension SecretService {
    /// What CreateSecret may give besides the name.
    package struct Creation: Sendable {
        package var token: VersionID
        package var value: SecretValue?
        /// Empty is the same as none.
        package var description: String?
        package var kmsKeyID: String?
        /// Empty is the same as none.
        package var type: String?
        package var tags: [Tag]
        package var replicas: [ReplicaRequest]
        /// Whether foreign secrets of this name in the regions of the replicas are deleted for good.
        package var overwritesReplicas: Bool

        package init(
            token: VersionID,
            value: SecretValue? = nil,
            description: String? = nil,
            kmsKeyID: String? = nil,
            type: String? = nil,
            tags: [Tag] = [],
            replicas: [ReplicaRequest] = [],
            overwritesReplicas: Bool = false
        ) {
            self.token = token
            self.value = value
            self.description = description
            self.kmsKeyID = kmsKeyID
            self.type = type
            self.tags = tags
            self.replicas = replicas
            self.overwritesReplicas = overwritesReplicas
        }
    }

    /// Creates a secret, with a first version if there is a value. The same call again succeeds and makes nothing new (`aws-api.md` §5).
    ///
    /// - Returns: The secret, the version that the token made, and how the replicas are.
    package func create(
        _ name: SecretName,
        _ creation: Creation,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> (SecretRecord, VersionID?, [ReplicaStatus]) {
        try await self.write(origin) { store in
            let (record, version) = try self.create(name, creation, origin, in: store)
            return (record, version, try self.replicaStatuses(of: record, in: store))
        }
    }

    /// `create` in the caller's transaction, which a refusal must end.
    package func create(
        _ name: SecretName,
        _ creation: Creation,
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws -> (SecretRecord, VersionID?) {
        try SecretRecord.checkTags(creation.tags)
        try ReplicaRequest.check(creation.replicas, from: origin.scope.region)
        if let existing = try store.secret(matching: .name(name), in: origin.scope) {
            if existing.isGone(at: origin.now) {
                try self.auditVersions(.deletionEnded, of: existing.arn, origin.requestID, at: origin.now, in: store)
                try store.delete(existing.arn)
            } else {
                return (existing, try self.versionCreatedBefore(existing, by: creation, in: store))
            }
        }
        var random = self.random
        let arn = SecretARN(name: name, scope: origin.scope, using: &random)
        var record = SecretRecord(arn: arn, createdAt: origin.now)
        record.description = creation.description.flatMap { $0.isEmpty ? nil : $0 }
        record.kmsKeyID = try self.kmsKeyID(creation.kmsKeyID ?? "", of: arn, at: origin.now, in: store)
        record.type = creation.type.flatMap { $0.isEmpty ? nil : $0 }
        record.tags = creation.tags.isEmpty ? nil : creation.tags
        try store.insert(record)
        if let value = creation.value {
            let sealed = try self.seal(value, creation.token, of: record, at: origin.now, in: store)
            try store.insert(VersionRecord(secret: arn, id: creation.token, value: sealed, createdAt: origin.now))
            record.labels.attach(.current, to: creation.token)
        }
        try self.addReplicas(creation.replicas, overwrites: creation.overwritesReplicas, to: &record, origin, in: store)
        if !record.labels.pairs.isEmpty || !creation.replicas.isEmpty { record = try self.keeper.save(record, in: store) }
        let parameters: JSONValue = ["name": .string(name.description), "clientRequestToken": .string(creation.token.description)]
        try self.audit("CreateSecret", of: arn, parameters, origin, in: store)
        // One of this name may have been overwritten, here or in a region of a replica.
        try self.keyHook([], origin.now, store)
        return (record, creation.value.map { _ in creation.token })
    }

    /// What a CreateSecret for a name that exists answers.
    private func versionCreatedBefore(
        _ existing: SecretRecord,
        by creation: Creation,
        in store: StoreTransaction
    ) throws -> VersionID? {
        guard existing.deletedAt == nil else { throw SecretServiceError.nameScheduledForDeletion }
        if let version = try store.version(creation.token, of: existing.arn) {
            guard let value = creation.value, try self.holds(version, value, in: store) else {
                throw SecretServiceError.tokenInUse(creation.token, existing.arn)
            }
            return version.id
        }
        guard creation.value == nil, try self.wasCreatedWithoutValue(existing, by: creation.token, in: store) else {
            throw SecretServiceError.nameExists(existing.arn.name)
        }
        return nil
    }

    /// A creation without value leaves no version to compare a client's retry with. The audit trail knows its token, and a retry comes
    /// before the secret is changed.
    private func wasCreatedWithoutValue(_ existing: SecretRecord, by token: VersionID, in store: StoreTransaction) throws -> Bool {
        guard existing.changedAt == existing.createdAt else { return false }
        var filter = AuditFilter(resource: existing.arn.description)
        (filter.name, filter.isFailure) = ("CreateSecret", false)
        guard let creation = try store.auditRecords(in: existing.arn.scope, filter, limit: 1).first else { return false }
        return try creation.event.document()["requestParameters"]?["clientRequestToken"] == .string(token.description)
    }

    /// Whether a version holds exactly this value, kind included.
    func holds(_ version: VersionRecord, _ value: SecretValue, in store: some ReadableStore) throws -> Bool {
        guard let sealed = version.value else { return false }
        return try self.keys.open(sealed, for: .version(version.secret, version.id), store).isSame(as: value)
    }
}
