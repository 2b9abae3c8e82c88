/// Why a login or a statement failed. The message is the server's or libpq's first line, without values that the caller gave as secret.
package struct PostgresError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// The server looked at the password and refused it. Only this proves that a password is not the live one.
        case refused
        /// The password may be right, but the account may not log in: NOLOGIN.
        case locked
        case permission
        /// The server's rules forbid the new password.
        case policy
        /// No answer, or one that says "not now": connection refused, name not found, starting up, too many connections.
        case unreachable
        /// The deadline passed.
        case timedOut
        case tls
        case readOnly
        /// Somebody else changes the same thing, or holds a lock: try again.
        case conflict
        /// The database or role does not exist.
        case notFound
        case cancelled
        case other
    }

    package let kind: Kind
    /// The server's SQLSTATE; `nil` if the server said nothing.
    package let sqlState: String?
    package let message: String
    /// Whether a statement was sent whose answer never came: it may have been carried out.
    package let isOutcomeUnknown: Bool

    package init(_ kind: Kind, _ message: String, sqlState: String? = nil, isOutcomeUnknown: Bool = false) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
        self.isOutcomeUnknown = isOutcomeUnknown
    }

    func withUnknownOutcome() -> PostgresError {
        PostgresError(self.kind, self.message, sqlState: self.sqlState, isOutcomeUnknown: true)
    }
}
