package import SecretModel

extension ReadableStore {
    package func secret(_ arn: SecretARN) throws -> SecretRecord? { fatalError("stub") }

    /// Finds by exact name, full ARN or partial ARN; `scope` is the request's, for names.
    package func secret(matching reference: SecretReference, in scope: SecretScope) throws -> SecretRecord? { fatalError("stub") }

    /// All secrets of an account and region in creation order, those scheduled for deletion only if asked.
    package func secrets(in scope: SecretScope, includingDeleted: Bool) throws -> [SecretRecord] { fatalError("stub") }

    package func version(_ id: VersionID, of secret: SecretARN) throws -> VersionRecord? { fatalError("stub") }

    /// All versions in creation order.
    package func versions(of secret: SecretARN) throws -> [VersionRecord] { fatalError("stub") }

    /// Secrets with rotation enabled, not deleted, whose due time has come, no unfinished run: oldest due first (an indexed query).
    package func dueSecrets(at now: Timestamp, limit: Int) throws -> [SecretRecord] { fatalError("stub") }

    /// Secrets with rotation enabled whose `nextWindow.end` lies before `limit` (I11): from the store, independent of the workers.
    package func overdueSecrets(before limit: Timestamp) throws -> [SecretRecord] { fatalError("stub") }

    /// The secret with rotation enabled that owns an account on a target.
    package func owner(ofAccount account: String, onTarget target: String) throws -> SecretARN? { fatalError("stub") }

    /// When members of a stagger group last rotated or will next rotate: (secret, last success, next due time).
    package func staggerGroup(_ group: String, in scope: SecretScope) throws -> [SecretRecord] { fatalError("stub") }

    /// Secrets that name this one as their admin secret.
    package func secrets(administeredBy admin: SecretARN) throws -> [SecretARN] { fatalError("stub") }
}

extension StoreTransaction {
    /// - Throws: `StoreError.nameTaken`.
    package func insert(_ secret: SecretRecord) throws { fatalError("stub") }

    /// Saves everything of the secret, labels and rotation included, and counts the revision up.
    ///
    /// - Throws: `StoreError.revisionConflict` if the stored revision differs from the record's; `StoreError.accountOwned`.
    package func update(_ secret: SecretRecord) throws { fatalError("stub") }

    /// Deletes the secret with its versions, runs and history.
    package func delete(_ secret: SecretARN) throws { fatalError("stub") }

    package func insert(_ version: VersionRecord) throws { fatalError("stub") }

    /// Fills an empty version, or replaces the pending value of a run by I3's rule.
    package func update(_ version: VersionRecord) throws { fatalError("stub") }

    package func deleteVersion(_ id: VersionID, of secret: SecretARN) throws { fatalError("stub") }

    /// Sets the access day of a secret and a version without touching the revision or LastChangedDate.
    package func noteAccess(to version: VersionID, of secret: SecretARN, on day: Timestamp) throws { fatalError("stub") }
}
