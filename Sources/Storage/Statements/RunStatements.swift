package import RotationModel
package import SecretModel

extension ReadableStore {
    package func run(_ id: RunID) throws -> RunRecord? { fatalError("stub") }

    /// Newest first.
    package func runs(of secret: SecretARN, limit: Int) throws -> [RunRecord] { fatalError("stub") }

    /// The run that has not ended (`RunState.isUnfinished`), at most one per secret.
    package func unfinishedRun(of secret: SecretARN) throws -> RunRecord? { fatalError("stub") }

    /// All unfinished runs and runs in their grace period.
    package func liveRuns() throws -> [RunRecord] { fatalError("stub") }

    package func steps(of run: RunID) throws -> [StepRecord] { fatalError("stub") }

    /// The earliest time at which a run may be claimed or a secret becomes due, for the scheduler's alarm.
    package func nextWakeUp() throws -> Timestamp? { fatalError("stub") }
}

extension StoreTransaction {
    /// - Throws: `StoreError.failed` if the secret has an unfinished run (I7).
    package func insert(_ run: RunRecord) throws { fatalError("stub") }

    /// Claims runs whose `nextAttemptAt` has come and that no live lease holds, oldest first: sets owner, a term one higher than any
    /// before, and expiry. At most `perTarget` leased runs per target at once (I10).
    package func claimRuns(
        at now: Timestamp,
        owner: String,
        leaseUntil: Timestamp,
        limit: Int,
        perTarget: Int
    ) throws -> [RunRecord] { fatalError("stub") }

    /// Saves a run that the caller holds under `lease`.
    ///
    /// - Throws: `StoreError.leaseLost` if owner or term differ from the stored ones (I7). Expiry alone does not count here: the caller
    ///   stops by its own monotonic clock.
    package func update(_ run: RunRecord, under lease: Lease) throws { fatalError("stub") }

    /// Saves a run without a lease: for cancel, retry by a person and abandonment. Counts the term up, so that a worker still at it loses
    /// its lease.
    package func updateTakingOver(_ run: RunRecord) throws { fatalError("stub") }

    package func renew(_ lease: Lease, of run: RunID, until: Timestamp) throws -> Lease { fatalError("stub") }

    /// Ends all leases: when a daemon opens an embedded store, whoever held them is dead.
    package func releaseAllLeases() throws { fatalError("stub") }

    package func append(_ step: StepRecord) throws { fatalError("stub") }
}
