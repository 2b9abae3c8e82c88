package import Encryption
package import SecretModel
package import Storage

/// What rotation does to the versions of a secret, inside a transaction that the caller holds (I6, I9): synchronous, no awaiting.
package struct VersionMoves: Sendable {
    private let keyring: Keyring

    package init(keyring: Keyring) {
        self.keyring = keyring
    }

    /// Registers a version with the run's token, AWSPENDING and no value. A label AWSPENDING elsewhere moves.
    package func registerPending(_ token: VersionID, of secret: SecretARN, at now: Timestamp, in store: StoreTransaction) throws {
        fatalError("stub")
    }

    /// Puts the value into the registered pending version (I2), or replaces it by I3's rule.
    package func fillPending(
        _ token: VersionID,
        of secret: SecretARN,
        with value: SecretValue,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws { fatalError("stub") }

    /// Moves AWSCURRENT to the version, AWSPREVIOUS to the one that had it, takes AWSPENDING off.
    ///
    /// - Returns: The version that was AWSCURRENT.
    @discardableResult
    package func promote(_ token: VersionID, of secret: SecretARN, at now: Timestamp, in store: StoreTransaction) throws -> VersionID? {
        fatalError("stub")
    }

    /// Takes AWSPENDING off the version; deletes the version if it is empty or `isTemporary`. A filled one is kept as a candidate.
    package func dropPending(
        _ token: VersionID,
        of secret: SecretARN,
        isTemporary: Bool,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws { fatalError("stub") }

    /// The plain value of a version; `nil` if there is no such version or it has no value.
    package func value(of version: VersionID, of secret: SecretARN, in store: some ReadableStore) throws -> SecretValue? {
        fatalError("stub")
    }

    /// The plain value that a label stands on.
    package func value(at label: StagingLabel, of secret: SecretARN, in store: some ReadableStore) throws -> SecretValue? {
        fatalError("stub")
    }
}
