package import Auditing
import KeyManagement
package import SecretModel
package import Storage

extension SecretService {
    /// Copies the secret to other regions and keeps the copies in step from now on. What cannot be copied is no error: its status says why
    /// (`aws-api.md` §6.17). A region that has a replica already keeps it.
    ///
    /// - Parameter overwrites: A foreign secret of the same name in such a region is deleted for good.
    /// - Returns: The primary, and how each of its replicas is.
    package func replicate(
        _ reference: SecretReference,
        to requests: [ReplicaRequest],
        overwrites: Bool,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> (SecretRecord, [ReplicaStatus]) {
        try await self.write(origin) { store in
            let (record, _) = try self.change(reference, origin, event: "ReplicateSecretToRegions", in: store) {
                record,
                store in
                try self.addReplicas(requests, overwrites: overwrites, to: &record, origin, in: store)
            }
            return (record, try self.replicaStatuses(of: record, in: store))
        }
    }

    /// Makes the copies of a primary whose record the caller saves.
    func addReplicas(
        _ requests: [ReplicaRequest],
        overwrites: Bool,
        to primary: inout SecretRecord,
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws {
        try ReplicaRequest.check(requests, from: primary.arn.scope.region)
        var replicas = primary.replication.replicas
        for request in requests {
            let old = replicas.firstIndex { $0.region == request.region }
            if let old, replicas[old].status == .inSync { continue }
            let status = try self.makeReplica(request, overwrites: overwrites, of: primary, origin, in: store)
            let replica = ReplicaRecord(region: request.region, kmsKeyID: request.kmsKeyID, status: status)
            if let old { replicas[old] = replica } else { replicas.append(replica) }
        }
        primary.replication = Replication(replicas: replicas)
    }

    /// Deletes the replicas in those regions at once; a region without one is no error.
    package func removeReplicas(
        of reference: SecretReference,
        in regions: [RegionName],
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> (SecretRecord, [ReplicaStatus]) {
        try await self.write(origin) { store in
            let (record, _) = try self.change(reference, origin, event: "RemoveRegionsFromReplication", in: store) {
                record,
                store in
                for region in regions { try self.deleteReplica(of: record, in: region, origin, store) }
                record.replication = Replication(replicas: record.replication.replicas.filter { !regions.contains($0.region) })
            }
            return (record, try self.replicaStatuses(of: record, in: store))
        }
    }

    /// Makes a replica a secret of its own, which its primary no longer changes. Called in the replica's region.
    ///
    /// - Throws: `notAReplica`.
    package func stopReplication(to reference: SecretReference, _ origin: RequestOrigin) async throws(SecretServiceError) -> SecretRecord {
        try await self.write(origin) { store in
            var copy = try Self.find(reference, origin, in: store)
            guard case .replica(let region) = copy.replication else { throw SecretServiceError.notAReplica }
            copy.replication = .none
            copy.changedAt = Self.changeDate(after: copy.changedAt, now: origin.now)
            let saved = try store.update(copy)
            if var primary = try store.secret(copy.arn.inRegion(region)) {
                primary.replication = Replication(
                    replicas: primary.replication.replicas.filter { $0.region != copy.arn.scope.region }
                )
                try store.update(primary)
                try self.audit("StopReplicationToReplica", of: primary.arn, nil, origin, in: store)
            }
            try self.audit("StopReplicationToReplica", of: saved.arn, nil, origin, in: store)
            return saved
        }
    }

    /// The secret as it is, one scheduled for deletion too, and how its replicas are.
    package func describeWithReplicas(
        _ reference: SecretReference,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> (SecretRecord, [ReplicaStatus]) {
        try await self.read { store in
            let record = try Self.find(reference, origin, in: store)
            return (record, try self.replicaStatuses(of: record, in: store))
        }
    }

    /// How the replicas of a primary are; none for other secrets.
    func replicaStatuses(of primary: SecretRecord, in store: some ReadableStore) throws -> [ReplicaStatus] {
        try primary.replication.replicas.map { replica in
            let copy = try store.secret(primary.arn.inRegion(replica.region)).flatMap { $0.replication.isReplica ? $0 : nil }
            let failure: String? = if case .failed(let reason) = replica.status { reason } else { nil }
            return ReplicaStatus(
                region: replica.region,
                kmsKeyID: copy.map(\.kmsKeyID) ?? replica.kmsKeyID,
                isInSync: failure == nil,
                message: failure ?? "Replication succeeded",
                accessedDay: copy?.accessedDay
            )
        }
    }

    private func makeReplica(
        _ request: ReplicaRequest,
        overwrites: Bool,
        of primary: SecretRecord,
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws -> ReplicaRecord.Status {
        guard self.hostedRegions?.contains(request.region) ?? true else {
            return .failed("The region \(request.region) is not served by this installation.")
        }
        let arn = primary.arn.inRegion(request.region)
        do {
            try self.keys.checkUsable(named: request.kmsKeyID, in: arn.scope, store)
        } catch let error as KeyUseError {
            return .failed("The KMS key of this region cannot be used: \(error.cause)")
        }
        do {
            // What is overwritten must still be there if there is nothing to take its place (I12).
            return try store.separately { try self.copy(primary, to: arn, request, overwrites: overwrites, origin, in: store) }
        } catch let failure as ReplicaFailure {
            return .failed(failure.reason)
        }
    }

    /// - Throws: `ReplicaFailure`; then what it did has to be undone.
    private func copy(
        _ primary: SecretRecord,
        to arn: SecretARN,
        _ request: ReplicaRequest,
        overwrites: Bool,
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws -> ReplicaRecord.Status {
        if var old = try store.secret(matching: .name(arn.name), in: arn.scope) {
            let isGone = old.isGone(at: origin.now)
            guard isGone || overwrites else { throw ReplicaFailure(reason: "Secret with this name already exists in this region") }
            guard case .none = old.replication else {
                throw ReplicaFailure(reason: "Secret with this name already exists in this region, and is part of another replication")
            }
            if !isGone {
                old.deletedAt = origin.now
                try self.deletionHook(old, origin.now, store)
                try self.audit("DeleteSecret", of: old.arn, ["replacedBy": .string(arn.description)], origin, in: store)
            }
            try self.auditVersions(isGone ? .deletionEnded : .deleted, of: old.arn, origin.requestID, at: origin.now, in: store)
            try store.delete(old.arn)
        }
        var copy = SecretRecord(arn: arn, createdAt: origin.now)
        copy.kmsKeyID = request.kmsKeyID
        copy.replication = .replica(of: primary.arn.scope.region)
        try store.insert(copy)
        // A copy without a value would be found by its readers, and answer that there is none.
        if case .failed(let reason) = try self.keeper.bring(copy, inStepWith: primary, in: store) { throw ReplicaFailure(reason: reason) }
        let parameters: JSONValue = ["secretId": .string(primary.arn.description), "region": .string(request.region.description)]
        try self.audit("ReplicateSecretToRegions", of: arn, parameters, origin, in: store)
        return .inSync
    }

    private func deleteReplica(
        of primary: SecretRecord,
        in region: RegionName,
        _ origin: RequestOrigin,
        _ store: StoreTransaction
    ) throws {
        let arn = primary.arn.inRegion(region)
        guard primary.replication.replicas.contains(where: { $0.region == region }),
            let copy = try store.secret(arn), copy.replication.isReplica
        else { return }
        try self.audit("RemoveRegionsFromReplication", of: arn, nil, origin, in: store)
        try self.auditVersions(.deleted, of: arn, origin.requestID, at: origin.now, in: store)
        try store.delete(arn)
    }
}

/// Why a region gets no copy.
private struct ReplicaFailure: Error {
    let reason: String
}
