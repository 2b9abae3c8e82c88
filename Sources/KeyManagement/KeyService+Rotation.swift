package import Auditing
package import Encryption
package import SecretModel
package import Storage

extension KeyService {
    /// Rotations on demand per key, at AWS too.
    private static let onDemandLimit = 25

    /// What KMS uses if no period is given: a year.
    package static let standardPeriod = 365

    /// Automatic rotation every so many days; the first that many days from now.
    package func enableRotation(
        of reference: KeyReference,
        every days: Int,
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) {
        try await self.change(
            reference,
            origin,
            event: "EnableKeyRotation",
            details: [.init("rotationPeriodInDays", .integer(days))],
            allows: [.enabled]
        ) { key, _ in
            guard key.rotation?.period != days else { return }
            key.rotation = .init(period: days, nextAt: origin.now + .days(Int64(days)))
        }
    }

    package func disableRotation(of reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) {
        try await self.change(reference, origin, event: "DisableKeyRotation", allows: [.enabled]) { key, _ in key.rotation = nil }
    }

    /// Makes new material at once, which encrypts from now on; what the older generations encrypted they go on decrypting.
    package func rotate(_ reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) -> AccountKeyRecord {
        try await self.change(reference, origin, event: "RotateKeyOnDemand", allows: [.enabled]) { key, store in
            let earlier = try store.keyMaterials(of: key.id).count { $0.origin == .onDemand }
            guard earlier < Self.onDemandLimit else { throw KeyServiceError.tooManyRotations(limit: Self.onDemandLimit) }
            try self.addGeneration(to: &key, .onDemand, at: origin.now, store)
        }
    }

    /// Rotations of a key's material that were made, oldest first: of each its generation is told, which is 2 or more.
    package func rotations(of reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) -> (
        key: AccountKeyRecord, made: [KeyMaterialRecord]
    ) {
        try await self.read { store in
            let key = try store.customerKey(reference, in: origin.scope, allows: Set(AccountKeyRecord.State.allCases))
            return (key, try store.keyMaterials(of: key.id).filter { $0.origin != .creation })
        }
    }

    /// Rotates the keys of all accounts and regions whose time has come: the daemon's own work. A disabled key is not rotated.
    ///
    /// - Returns: Which were.
    package func rotateDueKeys(at now: Timestamp) async throws(KeyServiceError) -> [KeyID] {
        guard try await self.read({ try !$0.accountKeysToRotate(at: now).isEmpty }) else { return [] }
        return try await self.write { store in
            var rotated: [KeyID] = []
            for var key in try store.accountKeysToRotate(at: now) where key.state == .enabled {
                guard let period = key.rotation?.period else { continue }
                try self.addGeneration(to: &key, .automatic, at: now, store)
                key.rotation = .init(period: period, nextAt: now + .days(Int64(period)))
                try store.update(key)
                try self.auditOwn("RotateKey", of: key, at: now, in: store)
                rotated.append(key.id)
            }
            return rotated
        }
    }

    private func addGeneration(
        to key: inout AccountKeyRecord,
        _ reason: KeyMaterialRecord.Origin,
        at now: Timestamp,
        _ store: StoreTransaction
    ) throws {
        key.generation += 1
        let material = try self.keyring.makeMaterial(of: key.id, generation: key.generation)
        try store.insert(KeyMaterialRecord(material: material, createdAt: now, origin: reason))
    }
}
