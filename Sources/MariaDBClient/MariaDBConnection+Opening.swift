import CMariaDB
import SecretModel

extension MariaDBConnection {
    /// What protects one attempt to log in.
    enum Protection {
        case clearText
        /// The certificate verifies and names the host.
        case verifiedTLS
        /// Whoever answers. Only to ask a question, and only where clear text would do.
        case unverifiedTLS
    }

    static func open(_ login: MariaDBLogin, deadline: ContinuousClock.Instant) throws(MariaDBError) -> MariaDBConnection {
        guard ContinuousClock.now < deadline else {
            throw MariaDBError(.timeout, "the deadline passed before a thread was free for the connection", isBeforeLogin: true)
        }
        switch login.encryption {
        case .required: return try self.open(login, .verifiedTLS, deadline)
        case .none: return try self.openInClearText(login, deadline)
        case .whenOffered:
            if login.hadNoTLS, login.endpoint.isLocal, let connection = try self.openAsBefore(login, deadline) { return connection }
            do {
                return try self.open(login, .verifiedTLS, deadline)
            } catch  where error.kind == .tls && error.code == MariaDBError.tlsNotOffered {
                guard login.endpoint.isLocal else {
                    throw MariaDBError(
                        .tls,
                        code: error.code,
                        "the server does not offer TLS, and clear text is used only on loopback or where the secret says \"ssl\": false",
                        isBeforeLogin: true
                    )
                }
                return try self.open(login, .clearText, deadline)
            }
        }
    }

    /// Clear text to a server that had no TLS a moment ago.
    /// - Returns: `nil` if it offers TLS by now: what it said in clear text then counts for nothing (W3).
    private static func openAsBefore(
        _ login: MariaDBLogin,
        _ deadline: ContinuousClock.Instant
    ) throws(MariaDBError) -> MariaDBConnection? {
        var offersTLS = false
        do {
            let connection = try self.open(login, .clearText, deadline, offersTLS: &offersTLS)
            if offersTLS { return nil }
            return connection
        } catch {
            guard offersTLS else { throw error }
            return nil
        }
    }

    /// Servers refuse an account that requires TLS in the words of a wrong password (1045): asked again with TLS, they tell the two apart.
    private static func openInClearText(
        _ login: MariaDBLogin,
        _ deadline: ContinuousClock.Instant
    ) throws(MariaDBError) -> MariaDBConnection {
        var offersTLS = false
        let refusal: MariaDBError
        do {
            return try self.open(login, .clearText, deadline, offersTLS: &offersTLS)
        } catch {
            guard error.kind == .refused, offersTLS else { throw error }
            refusal = error
        }
        do {
            _ = try self.open(login, .unverifiedTLS, deadline)
        } catch {
            switch error.kind {
            case .refused: throw refusal
            // The server looked at the password first.
            case .locked, .permission: break
            default: throw error
            }
        }
        throw MariaDBError(
            .tls,
            code: MariaDBError.tlsRequired,
            "the account requires TLS, and the secret says \"ssl\": false",
            isBeforeLogin: true
        )
    }

    private static func open(
        _ login: MariaDBLogin,
        _ protection: Protection,
        _ deadline: ContinuousClock.Instant
    ) throws(MariaDBError) -> MariaDBConnection {
        var offersTLS = false
        return try self.open(login, protection, deadline, offersTLS: &offersTLS)
    }

    /// - Parameter offersTLS: Whether the server's greeting offered TLS, also where the login failed.
    private static func open(
        _ login: MariaDBLogin,
        _ protection: Protection,
        _ deadline: ContinuousClock.Instant,
        offersTLS: inout Bool
    ) throws(MariaDBError) -> MariaDBConnection {
        guard case .success = MariaDBLibrary.state, let handle = mysql_init(nil) else {
            throw MariaDBError(.other, "the MariaDB client library could not be started", isBeforeLogin: true)
        }
        let connection = MariaDBConnection(handle: handle, deadline: deadline, scrubber: MessageScrubber(secrets: [login.password]))
        connection.prepare(protection, authorityFile: login.authorityFile)
        do throws(MariaDBError) {
            try connection.connect(login, protection)
        } catch {
            offersTLS = connection.offersTLS
            throw error
        }
        offersTLS = connection.offersTLS
        return connection
    }

    /// What the server's greeting said; `false` before it came.
    var offersTLS: Bool { self.isGreeted && self.handle.pointee.server_capabilities & UInt(CLIENT_SSL) != 0 }

    /// Set once the greeting has been read: what the server can do is known before TLS or a password is tried.
    var isGreeted: Bool { self.handle.pointee.protocol_version != 0 && self.handle.pointee.server_capabilities != 0 }
}
