import RotationModel
package import SecretModel

extension ReadableStore {
    /// Secrets with rotation enabled, not deleted, whose due time has come, no unfinished run, and fewer than `backlog` runs at work or
    /// ready at their target: oldest due first (an indexed query).
    ///
    /// Only what is needed to start their runs is read, so that a row that is damaged otherwise does not hide the others.
    package func dueSecrets(at now: Timestamp, limit: Int, backlog: Int) throws -> [DueSecret] {
        try self.sql.query(
            """
            SELECT arn, rotator FROM secrets \(Self.isEligible) AND due_at <= ?
            AND (SELECT COUNT(*) FROM runs WHERE runs.target = COALESCE(secrets.target, secrets.arn) AND runs.is_live = 1
                AND runs.next_attempt_at <= ?) < ?
            ORDER BY due_at, arn LIMIT ?
            """,
            now,
            now,
            backlog,
            limit
        ).map { DueSecret(arn: try $0.arn("arn"), rotator: try $0.optionalText("rotator").flatMap { RotatorName($0) }) }
    }

    /// Secrets with rotation enabled whose `nextWindow.end` lies before `limit` (I11): from the store, independent of the workers.
    package func overdueSecrets(before limit: Timestamp) throws -> [SecretARN] {
        try self.sql.query(
            """
            SELECT arn FROM secrets WHERE rotation_enabled = 1 AND deleted_at IS NULL AND window_end < ? ORDER BY window_end, arn
            """,
            limit
        ).map { try $0.arn("arn") }
    }

    /// The secret with rotation enabled that owns an account on a target.
    package func owner(ofAccount account: String, onTarget target: String) throws -> SecretARN? {
        try self.sql.query(
            "SELECT arn FROM secrets WHERE rotation_enabled = 1 AND deleted_at IS NULL AND target = ? AND account = ?",
            target,
            account
        ).first?.arn("arn")
    }

    /// The members of a stagger group with rotation enabled, with their last success and next due time, in creation order.
    package func staggerGroup(_ group: String, in scope: SecretScope) throws -> [SecretRecord] {
        try self.secrets(
            chosenBy: """
                WHERE account_id = ? AND region = ? AND stagger_group = ? AND rotation_enabled = 1 AND deleted_at IS NULL ORDER BY sequence
                """,
            scope.account.description,
            scope.region.description,
            group
        )
    }

    /// Secrets that name this one as their admin secret, those scheduled for deletion included: they can be restored.
    package func secrets(administeredBy admin: SecretARN) throws -> [SecretARN] {
        try self.sql.query("SELECT arn FROM secrets WHERE admin = ? ORDER BY arn", admin).map { try $0.arn("arn") }
    }

    /// The earliest time at which a run may be claimed or a secret becomes due, for the scheduler's alarm. It may lie in the past.
    ///
    /// A leased run counts with the end of its lease; a parked one does not count.
    package func nextWakeUp() throws -> Timestamp? {
        let due = try self.sql.query("SELECT due_at AS wake FROM secrets \(Self.isEligible) AND due_at IS NOT NULL ORDER BY due_at LIMIT 1")
        let free = try self.sql.query(
            """
            SELECT next_attempt_at AS wake FROM runs
            WHERE is_live = 1 AND next_attempt_at IS NOT NULL AND state <> 'parked' AND lease_owner IS NULL
            ORDER BY next_attempt_at LIMIT 1
            """
        )
        let leased = try self.sql.query(
            """
            SELECT MIN(CASE WHEN lease_expires > next_attempt_at THEN lease_expires ELSE next_attempt_at END) AS wake
            FROM runs WHERE lease_owner IS NOT NULL AND is_live = 1 AND state <> 'parked' AND next_attempt_at IS NOT NULL
            """
        )
        return try (due + free + leased).compactMap { try $0.optionalTime("wake") }.min()
    }

    /// The words before `due_at` must be those of the index `secrets_due`.
    private static var isEligible: String {
        """
        WHERE rotation_enabled = 1 AND deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.secret = secrets.arn AND runs.is_unfinished = 1)
        """
    }
}

extension StoreTransaction {
    /// Puts off when a secret is due, and changes nothing else: for one whose run cannot be started, even because its row is damaged.
    package func putOffRotation(of secret: SecretARN, until: Timestamp) throws {
        try self.sql.execute("UPDATE secrets SET due_at = ? WHERE arn = ?", until, secret)
    }
}
