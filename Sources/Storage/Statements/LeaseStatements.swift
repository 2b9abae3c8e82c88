package import RotationModel
package import SecretModel

extension ReadableStore {
    /// Whether there is a run that `claimRuns` with a lease of that duration would claim if its target had room.
    package func hasClaimableRuns(at now: Timestamp, lease: Duration) throws -> Bool {
        try !self.sql.query("\(Self.claimable) LIMIT 1", now, now, now + lease * 2).isEmpty
    }

    /// Runs whose time has come and that no lease holds, and runs whose lease ends too late to be true. Parameters: the present, twice, and
    /// the latest believable end of a lease. The words of each half must be those of the indexes `runs_by_attempt` and `runs_leased`.
    fileprivate static var claimable: String {
        """
        SELECT secret, token, target, next_attempt_at FROM runs WHERE is_live = 1 AND state <> 'parked' AND next_attempt_at <= ?
        AND (lease_owner IS NULL OR lease_expires <= ?)
        UNION SELECT secret, token, target, next_attempt_at FROM runs WHERE lease_owner IS NOT NULL AND state <> 'parked' AND lease_expires > ?
        """
    }
}

extension StoreTransaction {
    /// Claims runs whose `nextAttemptAt` has come and that no live lease holds, oldest first: sets owner, a term one higher than any
    /// before, and expiry. At most `perTarget` leased runs per target at once (I10), those already leased included. Parked runs are
    /// never claimed.
    ///
    /// A lease that ends later than twice the new one was given by a wall clock that was ahead and has been set back: it counts as ended,
    /// and its run as due, whose own times lie as far ahead.
    ///
    /// A run whose row is damaged is not claimed; it must not keep the others from being. It is put off by an hour.
    package func claimRuns(
        at now: Timestamp,
        owner: String,
        leaseUntil: Timestamp,
        limit: Int,
        perTarget: Int
    ) throws -> ClaimedRuns {
        let believable = leaseUntil + (leaseUntil - now)
        let free = try self.sql.query(
            """
            SELECT secret, token FROM (
                SELECT ready.secret, ready.token, ready.next_attempt_at, COALESCE(leased.count, 0) AS busy,
                    ROW_NUMBER() OVER (PARTITION BY ready.target ORDER BY ready.next_attempt_at, ready.secret, ready.token) AS place
                FROM (\(Self.claimable)) AS ready LEFT JOIN (
                    SELECT target, COUNT(*) AS count FROM runs WHERE lease_owner IS NOT NULL AND lease_expires > ? AND lease_expires <= ?
                    GROUP BY target
                ) AS leased ON leased.target = ready.target
            ) AS candidates
            WHERE busy + place <= ? ORDER BY next_attempt_at, secret, token LIMIT ?
            """,
            now,
            now,
            believable,
            now,
            believable,
            perTarget,
            limit
        )
        var claimed = ClaimedRuns()
        for row in free {
            let (secret, token) = (try row.text("secret"), try row.text("token"))
            let changed = try self.sql.execute(
                """
                UPDATE runs SET lease_owner = ?, lease_term = lease_term + 1, lease_expires = ?
                WHERE secret = ? AND token = ? AND (lease_owner IS NULL OR lease_expires <= ? OR lease_expires > ?)
                """,
                owner,
                leaseUntil,
                secret,
                token,
                now,
                believable
            )
            guard changed == 1, let row = try self.runRow(secret, token) else { continue }
            do throws(StoreError) {
                claimed.runs.append(try RunRecord(row))
            } catch {
                claimed.damaged.append(ClaimedRuns.Damaged(secret: SecretARN(secret), token: token, cause: error))
                try self.sql.update("runs", Self.later(now + .hours(1)), where: "secret = ? AND token = ?", secret, token)
            }
        }
        return claimed
    }

    /// Gives a run back unchanged, to be claimed again at a later time: for a worker that cannot even read what it has to decide on.
    ///
    /// - Throws: `StoreError.leaseLost` if owner or term differ from the stored ones.
    package func putOff(_ run: RunID, under lease: Lease, until: Timestamp) throws {
        let changed = try self.sql.update(
            "runs",
            Self.later(until),
            where: "secret = ? AND token = ? AND lease_owner = ? AND lease_term = ?",
            run.secret,
            run.token,
            lease.owner,
            lease.term
        )
        guard changed == 1 else { throw StoreError.leaseLost(run.secret, run.token) }
    }

    private static func later(_ time: Timestamp) -> SQLColumnList {
        var columns = SQLColumnList(["next_attempt_at": time])
        columns.append(Self.noLease)
        return columns
    }

    /// Saves a run that the caller holds under `lease`, and ends the lease if the record has none any more. The expiry is `renew`'s
    /// alone: the record's may be older.
    ///
    /// - Throws: `StoreError.leaseLost` if owner or term differ from the stored ones (I7). Expiry alone does not count here: the caller
    ///   stops by its own monotonic clock.
    package func update(_ run: RunRecord, under lease: Lease) throws {
        var columns = try run.columns()
        if run.lease == nil { columns.append(Self.noLease) }
        let changed = try self.sql.update(
            "runs",
            columns,
            where: "secret = ? AND token = ? AND lease_owner = ? AND lease_term = ?",
            run.id.secret,
            run.id.token,
            lease.owner,
            lease.term
        )
        guard changed == 1 else { throw StoreError.leaseLost(run.id.secret, run.id.token) }
    }

    /// Saves a run without a lease: for cancel, retry by a person and abandonment. Counts the term up, so that a worker still at it loses
    /// its lease.
    ///
    /// - Throws: `StoreError.failed` if there is no such run, or another run of the secret is unfinished.
    package func updateTakingOver(_ run: RunRecord) throws {
        if run.state.isUnfinished, let other = try self.unfinishedRun(of: run.id.secret), other.id != run.id {
            throw StoreError.failed("the secret \(run.id.secret) has another unfinished run")
        }
        var columns = try run.columns()
        columns.append(Self.noLease)
        guard try self.sql.update("runs", columns, where: "secret = ? AND token = ?", run.id.secret, run.id.token) == 1 else {
            throw StoreError.failed("the secret \(run.id.secret) has no run \(run.id.token)")
        }
        try self.sql.execute(
            "UPDATE runs SET lease_term = lease_term + 1 WHERE secret = ? AND token = ?",
            run.id.secret,
            run.id.token
        )
    }

    /// - Throws: `StoreError.leaseLost` if owner or term differ from the stored ones.
    package func renew(_ lease: Lease, of run: RunID, until: Timestamp) throws -> Lease {
        let changed = try self.sql.execute(
            "UPDATE runs SET lease_expires = ? WHERE secret = ? AND token = ? AND lease_owner = ? AND lease_term = ?",
            until,
            run.secret,
            run.token,
            lease.owner,
            lease.term
        )
        guard changed == 1 else { throw StoreError.leaseLost(run.secret, run.token) }
        return Lease(owner: lease.owner, term: lease.term, expires: until)
    }

    /// Ends all leases: when a daemon opens an embedded store, whoever held them is dead. The terms stay, so that the next are higher.
    package func releaseAllLeases() throws {
        try self.sql.execute("UPDATE runs SET lease_owner = NULL, lease_expires = NULL WHERE lease_owner IS NOT NULL")
    }

    private static var noLease: SQLColumns { ["lease_owner": SQLValue.null, "lease_expires": SQLValue.null] }
}
