package import Encryption
package import SecretModel

/// From where to where the chain of audit records goes. It is sealed with a key of the store, so that who has only the store's file can
/// neither shorten the chain nor begin another one unnoticed.
package struct AuditHead: Hashable, Sendable {
    /// The sequence of the chain's first record.
    package let first: Int64
    /// What the first record has as the hash before it: zeros, or the hash of the last record that was pruned.
    package let anchor: [UInt8]
    /// When the first record that the chain ever had was written.
    package let startedAt: Timestamp
    /// The sequence of the last record; one less than `first` while there is none.
    package let last: Int64
    /// The hash of the last record; the anchor while there is none.
    package let hash: [UInt8]
    /// What the daemon once found wrong with the head, and told from then on.
    package let damage: String?
    package let seal: Seal

    /// The authentication code over all of the above.
    package struct Seal: Hashable, Sendable {
        package let key: KeyID
        package let code: [UInt8]

        package init(key: KeyID, code: [UInt8]) {
            self.key = key
            self.code = code
        }
    }

    package init(
        first: Int64,
        anchor: [UInt8],
        startedAt: Timestamp,
        last: Int64,
        hash: [UInt8],
        damage: String?,
        seal: Seal
    ) {
        self.first = first
        self.anchor = anchor
        self.startedAt = startedAt
        self.last = last
        self.hash = hash
        self.damage = damage
        self.seal = seal
    }
}
