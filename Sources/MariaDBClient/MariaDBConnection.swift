import CMariaDB
import Glibc
import NIOPosix
import SecretModel

/// One conversation with a MariaDB or MySQL server: one thread's, closed when it goes out of scope.
///
/// It lives in the closure of ``withConnection(_:deadline:_:)`` and cannot leave it. The protocol is the text protocol: MariaDB does not
/// take account statements in the prepared one on all versions (`lessons.md` F4). Every wait ends at the deadline (I10): the library's
/// non-blocking calls with `poll(2)`. Only the look-up of a host name is up to the system's resolver.
package struct MariaDBConnection: ~Copyable {
    let handle: UnsafeMutablePointer<MYSQL>
    let deadline: ContinuousClock.Instant
    let scrubber: MessageScrubber

    private init(handle: UnsafeMutablePointer<MYSQL>, deadline: ContinuousClock.Instant, scrubber: MessageScrubber) {
        self.handle = handle
        self.deadline = deadline
        self.scrubber = scrubber
    }

    deinit {
        mysql_close(self.handle)
    }

    /// Logs in, runs the body on a thread of its own, and closes.
    ///
    /// Cancelling the task does not interrupt a wait; the deadline does.
    /// - Throws: ``MariaDBError`` from the login, or what the body throws.
    package static func withConnection<Result: Sendable>(
        _ login: MariaDBLogin,
        deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (borrowing MariaDBConnection) throws -> Result
    ) async throws -> Result {
        try await MariaDBThreads.pool.runIfActive {
            let connection = try MariaDBConnection.open(login, deadline: deadline)
            return try body(connection)
        }
    }

    private static func open(_ login: MariaDBLogin, deadline: ContinuousClock.Instant) throws(MariaDBError) -> MariaDBConnection {
        guard ContinuousClock.now < deadline else {
            throw MariaDBError(.timeout, "the deadline passed before a thread was free for the connection", isBeforeLogin: true)
        }
        switch login.encryption {
        case .required: return try self.open(login, withTLS: true, deadline: deadline)
        case .none: return try self.open(login, withTLS: false, deadline: deadline)
        case .whenOffered:
            do {
                return try self.open(login, withTLS: true, deadline: deadline)
            } catch  where error.kind == .tls && error.code == MariaDBError.tlsNotOffered {
                guard login.endpoint.isLocal else {
                    throw MariaDBError(
                        .tls,
                        code: error.code,
                        "the server does not offer TLS, and clear text is used only on loopback or where the secret says \"ssl\": false",
                        isBeforeLogin: true
                    )
                }
                return try self.open(login, withTLS: false, deadline: deadline)
            }
        }
    }

    private static func open(
        _ login: MariaDBLogin,
        withTLS: Bool,
        deadline: ContinuousClock.Instant
    ) throws(MariaDBError) -> MariaDBConnection {
        guard case .success = MariaDBLibrary.state, let handle = mysql_init(nil) else {
            throw MariaDBError(.other, "the MariaDB client library could not be started", isBeforeLogin: true)
        }
        let connection = MariaDBConnection(handle: handle, deadline: deadline, scrubber: MessageScrubber(secrets: [login.password]))
        connection.prepare(withTLS: withTLS, authorityFile: login.authorityFile)
        try connection.connect(login, withTLS: withTLS)
        return connection
    }
}

/// The library's one-time initialisation, which is not thread-safe; a lazy static is.
private enum MariaDBLibrary {
    enum State { case success, failure }

    static let state: State = mysql_server_init(0, nil, nil) == 0 ? .success : .failure
}
