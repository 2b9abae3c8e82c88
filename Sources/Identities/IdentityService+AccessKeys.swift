package import Access
package import Auditing
import Encryption
import SecretModel
package import Storage

extension IdentityService {
    /// Makes a further access key for a user: with two of them keys are rotated without a gap.
    ///
    /// - Returns: The key in the clear; it cannot be had again.
    package func createKey(for user: IdentityID, _ origin: RequestOrigin) async throws(IdentityError) -> AccessKey {
        var random = self.random
        let key = AccessKey(using: &random)
        let record: AccessKeyRecord
        do throws(EncryptionError) {
            record = AccessKeyRecord(
                id: key.id,
                account: user.account,
                user: user.name,
                secret: try self.keyring.seal(key.secret, for: .accessKey(key.id)),
                createdAt: origin.now
            )
        } catch {
            throw .encryption(error)
        }
        return try await self.change("CreateAccessKey", of: user.arn, origin) { store in
            _ = try Self.identity(user, in: store)
            try store.insert(record)
            return key
        }
    }

    /// Makes a key work or stop working, for all requests from now on.
    package func setKey(_ key: String, of user: IdentityID, isActive: Bool, _ origin: RequestOrigin) async throws(IdentityError) {
        try await self.change("UpdateAccessKey", of: user.arn, origin) { store in
            var record = try Self.key(key, of: user, in: store)
            record.isActive = isActive
            try store.update(record)
        }
    }

    package func deleteKey(_ key: String, of user: IdentityID, _ origin: RequestOrigin) async throws(IdentityError) {
        try await self.change("DeleteAccessKey", of: user.arn, origin) { store in
            _ = try Self.key(key, of: user, in: store)
            try store.deleteAccessKey(key)
        }
    }

    private static func key(_ id: String, of user: IdentityID, in store: StoreTransaction) throws -> AccessKeyRecord {
        guard let key = try store.accessKey(id), key.account == user.account, key.user == user.name else {
            throw IdentityError.noSuchAccessKey(id, of: user)
        }
        return key
    }
}
