package import RotationModel
package import SecretModel

extension ReadableStore {
    /// Whether there is a run that `claimRuns` with a lease of that duration would claim if its target had room.
    ///
    /// - Parameter atWork: Secrets whose runs are not to be claimed.
    package func hasClaimableRuns(at now: Timestamp, lease: Duration, exceptOf atWork: [SecretARN] = []) throws -> Bool {
        let claimable = Self.claimable(at: now, believable: now + lease * 2, exceptOf: atWork)
        return try !self.sql.query("\(claimable.text) LIMIT 1", claimable.parameters).isEmpty
    }

    /// Runs whose time has come and that no lease holds, and runs whose lease ends too late to be true; of neither those on whose account
    /// somebody may still be at work (I7): another run has a lease or left a hold there, or the secret is named in `atWork`. The words of
    /// each half must be those of its index, `runs_by_attempt` and `runs_leased`, and of no other.
    ///
    /// - Parameter believable: The latest end that a lease of these days can have.
    fileprivate static func claimable(
        at now: Timestamp,
        believable: Timestamp,
        exceptOf atWork: [SecretARN]
    ) -> (text: String, parameters: [SQLValue]) {
        // The last one is repeated up to a power of two: a few statements serve all numbers of secrets, and stay prepared.
        var atWork = atWork
        while let last = atWork.last, atWork.count & (atWork.count - 1) != 0 { atWork.append(last) }
        let marks = Array(repeating: "?", count: atWork.count).joined(separator: ", ")
        let text = """
            SELECT secret, token, target, next_attempt_at FROM (
                SELECT secret, token, target, bound_account, next_attempt_at FROM runs
                WHERE is_live = 1 AND state <> 'parked' AND next_attempt_at <= ? AND (lease_owner IS NULL OR lease_expires <= ?)
                UNION SELECT secret, token, target, bound_account, next_attempt_at FROM runs
                WHERE lease_owner IS NOT NULL AND is_live <> 0 AND state <> 'parked' AND lease_expires > ?
            ) AS loose
            WHERE \(Self.hasAccountForItself("loose")) \(atWork.isEmpty ? "" : "AND secret NOT IN (\(marks))")
            """
        return (text, [now, now, believable, now, believable, now, believable].map(\.sqlValue) + atWork.map(\.sqlValue))
    }

    /// That no other run has a lease or left a hold at the account of a run: a condition on the named row, with two parameters twice, now
    /// and the latest end that a lease can have.
    fileprivate static func hasAccountForItself(_ run: String) -> String {
        """
        NOT EXISTS (
            SELECT 1 FROM runs AS held
            WHERE held.lease_owner IS NOT NULL AND held.target = \(run).target AND held.lease_expires > ? AND held.lease_expires <= ?
            AND (held.secret <> \(run).secret OR held.token <> \(run).token)
            AND (held.secret = \(run).secret OR held.bound_account = \(run).bound_account)
        ) AND NOT EXISTS (
            SELECT 1 FROM account_holds AS held
            WHERE held.target = \(run).target AND held.expires > ? AND held.expires <= ?
            AND (held.secret <> \(run).secret OR held.token <> \(run).token)
            AND (held.secret = \(run).secret OR held.account = \(run).bound_account)
        )
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
    /// While a run has a lease or a hold (`hold`), no other of its secret, or of the same account at its target, is claimed (I7).
    ///
    /// A run whose row is damaged is not claimed; it must not keep the others from being. It is put off by an hour.
    ///
    /// - Parameter atWork: Secrets of which the caller knows runs to be at work, whatever their leases say: the wall clock by which a lease
    ///   ends may have been set. Their runs are left out.
    package func claimRuns(
        at now: Timestamp,
        owner: String,
        leaseUntil: Timestamp,
        limit: Int,
        perTarget: Int,
        exceptOf atWork: [SecretARN] = []
    ) throws -> ClaimedRuns {
        let believable = leaseUntil + (leaseUntil - now)
        let claimable = Self.claimable(at: now, believable: believable, exceptOf: atWork)
        let free = try self.sql.query(
            """
            SELECT secret, token FROM (
                SELECT ready.secret, ready.token, ready.next_attempt_at, COALESCE(leased.count, 0) AS busy,
                    ROW_NUMBER() OVER (PARTITION BY ready.target ORDER BY ready.next_attempt_at, ready.secret, ready.token) AS place
                FROM (\(claimable.text)) AS ready LEFT JOIN (
                    SELECT target, COUNT(*) AS count FROM runs WHERE lease_owner IS NOT NULL AND lease_expires > ? AND lease_expires <= ?
                    GROUP BY target
                ) AS leased ON leased.target = ready.target
            ) AS candidates
            WHERE busy + place <= ? ORDER BY next_attempt_at, secret, token LIMIT ?
            """,
            claimable.parameters + [now.sqlValue, believable.sqlValue, perTarget.sqlValue, limit.sqlValue]
        )
        var claimed = ClaimedRuns()
        for row in free {
            let (secret, token) = (try row.text("secret"), try row.text("token"))
            let changed = try self.sql.query(
                """
                UPDATE runs SET lease_owner = ?, lease_term = lease_term + 1, lease_expires = ?
                WHERE secret = ? AND token = ? AND (lease_owner IS NULL OR lease_expires <= ? OR lease_expires > ?)
                AND \(Self.hasAccountForItself("runs"))
                RETURNING *
                """,
                owner,
                leaseUntil,
                secret,
                token,
                now,
                believable,
                now,
                believable,
                now,
                believable
            )
            guard let row = changed.first else { continue }
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

    /// Makes sure that the caller holds the run under `lease`.
    ///
    /// - Throws: `StoreError.leaseLost` if owner or term differ from the stored ones (I7).
    package func check(_ lease: Lease, of run: RunID) throws {
        let held = try self.sql.query(
            "SELECT 1 AS held FROM runs WHERE secret = ? AND token = ? AND lease_owner = ? AND lease_term = ?",
            run.secret,
            run.token,
            lease.owner,
            lease.term
        )
        guard !held.isEmpty else { throw StoreError.leaseLost(run.secret, run.token) }
    }

    /// Saves a run that the caller holds under `lease`, and ends the lease if the record has none any more. The expiry is `renew`'s
    /// alone: the record's may be older. While an unfinished run keeps its lease, it keeps its next attempt too.
    ///
    /// - Throws: `StoreError.leaseLost` if owner or term differ from the stored ones (I7). Expiry alone does not count here: the caller
    ///   stops by its own monotonic clock.
    package func update(_ run: RunRecord, under lease: Lease) throws {
        var columns = try run.columns()
        if run.lease == nil || !run.state.isUnfinished { columns.append(run.placeColumns) }
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

    /// Saves a run that the caller holds no lease of: for cancel, retry by a person and abandonment. Counts the term up, so that a worker
    /// still at it loses the run.
    ///
    /// The run has no lease any more, but leaves a hold if it had one: what its worker has asked of the target may still be under way.
    ///
    /// - Throws: `StoreError.failed` if there is no such run, or another run of the secret is unfinished.
    package func updateTakingOver(_ run: RunRecord) throws {
        if run.state.isUnfinished, let other = try self.unfinishedRun(of: run.id.secret), other.id != run.id {
            throw StoreError.failed("the secret \(run.id.secret) has another unfinished run")
        }
        try self.keepHolds(where: "secret = ? AND token = ?", [run.id.secret.sqlValue, run.id.token.sqlValue])
        var columns = try run.columns()
        columns.append(run.placeColumns)
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

    /// Ends all leases: when a daemon opens an embedded store, whoever held them is dead, but what he asked of a target may still be under
    /// way: holds stay in their place. The terms stay too, so that the next are higher.
    ///
    /// Unfinished runs that were written at a later time than now were so by a clock that was ahead, as were their next attempts: they may
    /// be claimed at once.
    package func releaseAllLeases(at now: Timestamp) throws {
        try self.keepHolds(where: "1 = 1")
        try self.sql.execute(
            "UPDATE runs SET next_attempt_at = ? WHERE is_live = 1 AND is_unfinished = 1 AND next_attempt_at > ? AND updated_at > ?",
            now,
            now,
            now
        )
        try self.sql.execute("UPDATE runs SET lease_owner = NULL, lease_expires = NULL WHERE lease_owner IS NOT NULL")
    }

    private static var noLease: SQLColumns { ["lease_owner": SQLValue.null, "lease_expires": SQLValue.null] }
}
