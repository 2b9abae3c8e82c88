package import RotationModel
package import SecretModel

/// A hold is what stays of a lease when its run ended, was put off or was deleted while the target may still perform what it was asked:
/// until it expires, no other run of that secret or account is claimed (I7). The run itself goes on when its time comes: it has one value
/// (I3) and asks the target first (I4).
extension StoreTransaction {
    /// Keeps a hold of a run that holds a lease, which goes on.
    ///
    /// - Throws: `StoreError.leaseLost` if owner or term differ from the stored ones.
    package func hold(_ run: RunID, under lease: Lease, until end: Timestamp, at now: Timestamp) throws {
        try self.sql.execute("DELETE FROM account_holds WHERE expires <= ?", now)
        let condition = "secret = ? AND token = ? AND lease_owner = ? AND lease_term = ?"
        let kept = try self.keepHolds(
            where: condition,
            [run.secret.sqlValue, run.token.sqlValue, lease.owner.sqlValue, lease.term.sqlValue],
            until: end
        )
        guard kept == 1 else { throw StoreError.leaseLost(run.secret, run.token) }
    }

    /// Ends the hold that was made of that lease: what was asked of the target has been answered.
    package func endHold(of run: RunID, madeOf lease: Lease) throws {
        try self.sql.execute(
            "DELETE FROM account_holds WHERE secret = ? AND token = ? AND owner = ? AND term = ?",
            run.secret,
            run.token,
            lease.owner,
            lease.term
        )
    }

    /// Ends all holds of a run: what it asked of the target has come to be.
    package func endHolds(of run: RunID) throws {
        try self.sql.execute("DELETE FROM account_holds WHERE secret = ? AND token = ?", run.secret, run.token)
    }

    /// Makes holds of the leases of the chosen runs, those that have run out included.
    ///
    /// - Parameter end: When they expire, if not with their leases.
    /// - Returns: How many.
    @discardableResult
    func keepHolds(where condition: String, _ parameters: [SQLValue] = [], until end: Timestamp? = nil) throws -> Int {
        try self.sql.execute(
            """
            INSERT INTO account_holds (secret, token, target, account, owner, term, expires)
            SELECT secret, token, target, bound_account, lease_owner, lease_term, COALESCE(?, lease_expires)
            FROM runs WHERE lease_owner IS NOT NULL AND \(condition)
            ON CONFLICT (secret, token, term) DO UPDATE SET expires = excluded.expires
            """,
            [end?.sqlValue ?? .null] + parameters
        )
    }
}
