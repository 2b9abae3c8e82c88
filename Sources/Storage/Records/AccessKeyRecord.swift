package import Encryption
package import SecretModel

/// An access key. Its secret part must be recoverable to verify SigV4, so it is encrypted like a value.
package struct AccessKeyRecord: Hashable, Sendable {
    package let id: String
    package let account: AccountID
    package let user: String
    package let secret: SealedValue
    package let createdAt: Timestamp
    package var isActive: Bool

    package init(id: String, account: AccountID, user: String, secret: SealedValue, createdAt: Timestamp) {
        self.id = id
        self.account = account
        self.user = user
        self.secret = secret
        self.createdAt = createdAt
        self.isActive = true
    }
}

/// A key of the store itself, wrapped by the root key: for access keys, the states of runs, and the values that were written before accounts had KMS
/// keys.
package struct KeyRecord: Hashable, Sendable {
    package let id: KeyID
    package let wrapped: [UInt8]
    package let createdAt: Timestamp
    package let isDefault: Bool

    package init(id: KeyID, wrapped: [UInt8], createdAt: Timestamp, isDefault: Bool) {
        self.id = id
        self.wrapped = wrapped
        self.createdAt = createdAt
        self.isDefault = isDefault
    }
}
