package import SecretModel

/// The store. A transaction's body is a synchronous closure: it cannot await, so it cannot hold a transaction open over a call to
/// the outside world (I6).
package struct Store: Sendable {
    /// Runs `body` on a consistent snapshot.
    package func read<Result: Sendable>(_ body: @escaping @Sendable (StoreReader) throws -> Result) async throws -> Result {
        fatalError("stub")
    }

    /// Runs `body` in one transaction, which is on disk when this returns. An error thrown by `body` rolls everything back (I12)
    /// and is thrown on unchanged.
    package func write<Result: Sendable>(_ body: @escaping @Sendable (StoreTransaction) throws -> Result) async throws -> Result {
        fatalError("stub")
    }
}

/// What can be read in a snapshot or a transaction.
package protocol ReadableStore {}

package struct StoreReader: ReadableStore {}

package struct StoreTransaction: ReadableStore {}

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
    case outOfSpace
    case notOurs(path: String, reason: String)
    case newerSchema(found: Int, supported: Int)
    case inUse(path: String)
    case failed(String)
}
