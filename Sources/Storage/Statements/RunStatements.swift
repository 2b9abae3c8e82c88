package import RotationModel
package import SecretModel

extension ReadableStore {
    /// The run of that secret and token, ended or not.
    package func run(_ id: RunID) throws -> RunRecord? {
        try self.sql.query("SELECT * FROM runs WHERE secret = ? AND token = ?", id.secret, id.token).first.map { try RunRecord($0) }
    }

    /// Newest first.
    package func runs(of secret: SecretARN, limit: Int) throws -> [RunRecord] {
        try self.sql.query("SELECT * FROM runs WHERE secret = ? ORDER BY sequence DESC LIMIT ?", secret, limit).map { try RunRecord($0) }
    }

    /// Runs of the secret in their grace period.
    package func retiringRuns(of secret: SecretARN) throws -> [RunRecord] {
        try self.sql.query("SELECT * FROM runs WHERE secret = ? AND is_live = 1 AND is_unfinished = 0", secret).map { try RunRecord($0) }
    }

    /// The run that has not ended (`RunState.isUnfinished`), at most one per secret.
    package func unfinishedRun(of secret: SecretARN) throws -> RunRecord? {
        try self.sql.query("SELECT * FROM runs WHERE secret = ? AND is_unfinished = 1", secret).first.map { try RunRecord($0) }
    }

    /// All unfinished runs and runs in their grace period, oldest first.
    package func liveRuns() throws -> [RunRecord] {
        try self.sql.query("SELECT * FROM runs WHERE is_live = 1 ORDER BY started_at, secret, token").map { try RunRecord($0) }
    }

    /// What a run of the secret has to know of the others, newest first: live runs, and those of which the value may be the live credential
    /// because they touched the target, were abandoned or cancelled, and none has succeeded since (I1).
    package func unsettledRuns(of secret: SecretARN) throws -> [RunRecord] {
        try self.sql.query(
            "SELECT * FROM runs WHERE secret = ? AND (is_live = 1 OR (\(StoreTransaction.mayHaveSet))) ORDER BY sequence DESC",
            secret
        ).map { try RunRecord($0) }
    }

    /// The versions that those runs keep as candidates: their own, and what live ones have replaced.
    package func versionsOfUnsettledRuns(of secret: SecretARN) throws -> Set<VersionID> {
        let rows = try self.sql.query(
            """
            SELECT token, CASE WHEN is_live = 1 THEN replaced END AS replaced FROM runs
            WHERE secret = ? AND (is_live = 1 OR (\(StoreTransaction.mayHaveSet)))
            """,
            secret
        )
        var versions: Set<VersionID> = []
        for row in rows {
            versions.insert(try row.version("token"))
            if let replaced = try row.optional("replaced", { $0.text.flatMap(VersionID.init) }) { versions.insert(replaced) }
        }
        return versions
    }

    /// The sequence of the last row of a run's history; 0 if it has none.
    package func lastStep(of run: RunID) throws -> Int64 {
        let last = try self.sql.query(
            "SELECT COALESCE(MAX(sequence), 0) AS last FROM steps WHERE secret = ? AND token = ?",
            run.secret,
            run.token
        )
        return try last.first?.integer("last") ?? 0
    }

    /// The history of a run in its order.
    package func steps(of run: RunID) throws -> [StepRecord] {
        try self.sql.query("SELECT * FROM steps WHERE secret = ? AND token = ? ORDER BY sequence", run.secret, run.token)
            .map { try StepRecord($0) }
    }
}

extension StoreTransaction {
    /// A lease of the record is not written: leases come from `claimRuns`.
    ///
    /// - Throws: `StoreError.failed` if the secret has an unfinished run, or a run of that token (I7).
    package func insert(_ run: RunRecord) throws {
        var columns = SQLColumnList([
            "secret": run.id.secret,
            "token": run.id.token,
            "run_trigger": run.trigger.rawValue,
            "rotator": run.rotator.description,
            "strategy": run.strategy.rawValue,
            "started_at": run.startedAt,
            "target": run.target,
            "bound_account": run.boundAccount,
            "lease_term": 0,
        ])
        columns.append(try run.columns())
        columns.append(run.placeColumns)
        let inserted = try self.sql.append(
            to: "runs",
            columns,
            conflict: "ON CONFLICT DO NOTHING",
            behind: "runs WHERE secret = ?",
            run.id.secret
        )
        guard inserted == 1 else {
            let cause = try self.run(run.id) == nil ? "already has an unfinished run" : "already has a run \(run.id.token)"
            throw StoreError.failed("the secret \(run.id.secret) \(cause)")
        }
    }

    /// Lets an unfinished run that no worker has be claimed now, parked or not: something has come that decides its fate.
    package func wake(_ run: RunID, at now: Timestamp) throws {
        try self.sql.execute(
            """
            UPDATE runs SET state = CASE WHEN state = 'parked' THEN 'waiting' ELSE state END, next_attempt_at = ?
            WHERE secret = ? AND token = ? AND is_unfinished = 1 AND lease_owner IS NULL
            """,
            now,
            run.secret,
            run.token
        )
    }

    /// Adds to the history of a run.
    ///
    /// - Throws: `StoreError.failed` if the run has a step of that sequence.
    package func append(_ step: StepRecord) throws {
        try self.sql.insert(into: "steps", try step.columns())
    }

    /// Deletes the history of a secret except its newest `count` ended runs; live runs stay, and so do those whose value may be the live
    /// credential.
    ///
    /// - Returns: How many runs were deleted.
    @discardableResult
    package func trimRuns(of secret: SecretARN, keeping count: Int = 100) throws -> Int {
        try self.sql.execute(
            """
            DELETE FROM runs WHERE secret = ? AND is_live = 0 AND NOT (\(Self.mayHaveSet))
            AND token NOT IN (SELECT token FROM runs WHERE secret = ? AND is_live = 0 ORDER BY sequence DESC LIMIT ?)
            """,
            secret,
            secret,
            count
        )
    }

    /// Whether a row of `runs` is of an abandoned or cancelled run that touched the target and after which none has succeeded: its value
    /// may be the live credential (I1).
    static var mayHaveSet: String {
        """
        runs.is_target_touched = 1 AND runs.state IN ('abandoned', 'cancelled') AND NOT EXISTS (
            SELECT 1 FROM runs AS later WHERE later.secret = runs.secret AND later.sequence > runs.sequence
            AND later.state IN ('succeeded', 'retiring', 'retired') AND later.run_trigger <> 'test'
        )
        """
    }
}
