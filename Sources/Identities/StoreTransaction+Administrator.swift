package import SecretModel
package import Storage

extension StoreTransaction {
    /// Makes the user of a fresh installation, who may do everything.
    package func insertAdministrator(_ name: String, uniqueID: String, at now: Timestamp) throws {
        let id = IdentityID(account: .initial, kind: .user, name: name)
        guard try self.insert(IdentityRecord(id: id, uniqueID: uniqueID, createdAt: now)) else { throw IdentityError.identityExists(id) }
        try self.attach(IdentityPolicyRecord(identity: id, name: ManagedPolicy.administratorAccess.rawValue, document: nil))
    }
}

extension ReadableStore {
    /// The access keys of those who may do everything, oldest first.
    package func administratorKeys() throws -> [AccessKeyRecord] {
        try self.activeKeys(ofHoldersOf: ManagedPolicy.administratorAccess.rawValue, in: .initial)
    }
}
