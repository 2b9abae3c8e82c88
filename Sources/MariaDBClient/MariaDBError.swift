/// Why a login or a statement failed. The message never carries a password or a hash (I8).
package struct MariaDBError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the failure means for the caller; each is treated differently by a rotation (W5).
    package enum Kind: Hashable, Sendable {
        /// The server answered: this user and password do not log in.
        case refused
        /// The password may be right, but the account is locked, expired or blocked.
        case locked
        /// The account lacks a privilege.
        case permission
        /// The server rejects the password, or the form in which it is set, for its policy.
        case policy
        /// No answer that proves anything: down, unknown host, connection lost, server full.
        case unreachable
        /// The deadline passed. Whether the last statement was executed is unknown.
        case timeout
        /// TLS was demanded and could not be had.
        case tls
        /// What the statement names does not exist.
        case notFound
        /// A value that cannot be sent, such as one with a NUL.
        case invalid
        case other
    }

    package let kind: Kind
    /// The server's or the client library's error number; 0 when the failure is our own.
    package let code: UInt32
    package let message: String
    /// Whether the failure came before the login was complete: no statement had been sent.
    package let isBeforeLogin: Bool

    package init(_ kind: Kind, code: UInt32 = 0, _ message: String, isBeforeLogin: Bool = false) {
        self.kind = kind
        self.code = code
        self.message = message
        self.isBeforeLogin = isBeforeLogin
    }

    package var description: String {
        self.code == 0 ? self.message : "\(self.message) (error \(self.code))"
    }
}
