import RotationModel
package import SecretModel

extension ReadableStore {
    /// Secrets with rotation enabled, not deleted, whose due time has come, no unfinished run: oldest due first (an indexed query).
    package func dueSecrets(at now: Timestamp, limit: Int) throws -> [SecretRecord] {
        try self.secrets(chosenBy: "\(Self.isEligible) AND due_at <= ? ORDER BY due_at, arn LIMIT ?", now, limit)
    }

    /// Secrets with rotation enabled whose `nextWindow.end` lies before `limit` (I11): from the store, independent of the workers.
    package func overdueSecrets(before limit: Timestamp) throws -> [SecretRecord] {
        try self.secrets(
            chosenBy: "WHERE rotation_enabled = 1 AND deleted_at IS NULL AND window_end < ? ORDER BY window_end, arn",
            limit
        )
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
        let claim = try self.sql.query(
            """
            SELECT MIN(CASE WHEN lease_owner IS NOT NULL AND lease_expires > next_attempt_at THEN lease_expires ELSE next_attempt_at END)
            AS wake FROM runs WHERE is_live = 1 AND state <> 'parked' AND next_attempt_at IS NOT NULL
            """
        )
        return try (due + claim).compactMap { try $0.optionalTime("wake") }.min()
    }

    /// The words before `due_at` must be those of the index `secrets_due`.
    private static var isEligible: String {
        """
        WHERE rotation_enabled = 1 AND deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.secret = secrets.arn AND runs.is_unfinished = 1)
        """
    }
}
