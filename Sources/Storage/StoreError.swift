package import SecretModel

/// What the store refuses.
package enum StoreError: Error, Hashable, Sendable {
    /// The secret was changed by someone else since it was read.
    case revisionConflict(SecretARN)
    case nameTaken(SecretName)
    case noSuchSecret(SecretARN)
    /// The lease of a run is held by someone else, or under another term, or has ended: the worker must stop (I7).
    case leaseLost(SecretARN, VersionID)
    /// Another secret already rotates this account on this target.
    case accountOwned(by: SecretARN)
    /// The disk is full: nothing of the transaction was kept.
    case outOfSpace
    /// The store as a whole could not be used: busy, an input or output error, no memory. It says nothing of what was read or written, and
    /// nothing of the transaction was kept.
    case unusable(String)
    /// The file is not a store of Keyturn's; it was not touched.
    case notOurs(path: String, reason: String)
    /// A newer Keyturn made the schema; nothing was touched.
    case newerSchema(found: Int, supported: Int)
    /// Another process has this embedded store open.
    case inUse(path: String)
    /// Anything else, in words: never a value of a row.
    case failed(String)

    /// Whether the store is at fault, and not the record that was read or written: other records would fare no better.
    package var isOfStore: Bool {
        switch self {
        case .outOfSpace, .unusable, .notOurs, .newerSchema, .inUse: true
        case .revisionConflict, .nameTaken, .noSuchSecret, .leaseLost, .accountOwned, .failed: false
        }
    }
}
