import CMariaDB
import Glibc
import SecretModel

extension MariaDBError {
    /// Connector/C's number for every TLS trouble. It is the same for "no TLS offered" and "TLS required"; ours, without a clash, have a
    /// mark.
    static let tlsFailed: UInt32 = 2026
    static let tlsNotOffered: UInt32 = 2026_00
    package static let tlsRequired: UInt32 = 2026_01
}

extension MariaDBConnection {
    /// Plug-ins that answer a challenge without showing the password to the server. `mysql_clear_password` and `dialog` would hand it
    /// to whoever answers at the port.
    private static let acceptedPlugins = (["mysql_native_password"] + MariaDBLibrary.additionalPlugins).joined(separator: ",")

    /// Where Debian, Red Hat and Alpine keep the system's certificate authorities.
    private static let systemAuthorities = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/cert.pem", "/etc/ssl/cert.pem"]

    func prepare(_ protection: Protection, authorityFile: String?) {
        mysql_options(self.handle, MYSQL_OPT_NONBLOCK, nil)
        mysql_options(self.handle, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        self.set(MARIADB_OPT_RESTRICTED_AUTH, to: MariaDBConnection.acceptedPlugins)
        var off: UInt32 = 0
        mysql_options(self.handle, MYSQL_OPT_LOCAL_INFILE, &off)
        // An expired password then fails at the login instead of at the first statement.
        var no: my_bool = 0
        mysql_options(self.handle, MYSQL_OPT_CAN_HANDLE_EXPIRED_PASSWORDS, &no)
        guard protection != .clearText else { return }
        var yes: my_bool = 1
        mysql_options(self.handle, MYSQL_OPT_SSL_ENFORCE, &yes)
        guard protection == .verifiedTLS else { return }
        mysql_options(self.handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes)
        if let file = authorityFile ?? MariaDBConnection.systemAuthorities.first(where: { access($0, R_OK) == 0 }) {
            self.set(MYSQL_OPT_SSL_CA, to: file)
        }
    }

    private func set(_ option: mysql_option, to text: String) {
        text.withCString { pointer in _ = mysql_options(self.handle, option, pointer) }
    }

    func connect(_ login: MariaDBLogin, _ protection: Protection) throws(MariaDBError) {
        let texts = [login.user, login.password.string ?? "\0", login.authorityFile ?? ""]
        guard texts.allSatisfy({ !$0.utf8.contains(0) }), let password = login.password.string else {
            throw MariaDBError(.invalid, "a user name, password or file name is not text, or has a NUL in it", isBeforeLogin: true)
        }
        let host: String
        let port: UInt32
        let socket: String?
        switch login.endpoint {
        case .tcp(let name, let number):
            // The library takes "localhost" for a unix socket; the secret means the port.
            host = name.lowercased() == "localhost" ? "127.0.0.1" : name
            port = UInt32(clamping: number)
            socket = nil
        case .socket(let path): (host, port, socket) = ("localhost", 0, path)
        }
        var result: UnsafeMutablePointer<MYSQL>?
        // The library reads the texts until the login is complete, so they stay where they are for the whole exchange.
        let isInTime = host.withCString { host in
            login.user.withCString { user in
                password.withCString { password in
                    (socket ?? "").withCString { path in
                        let path = socket == nil ? nil : path
                        let status = mysql_real_connect_start(&result, self.handle, host, user, password, nil, port, path, 0)
                        return self.wait(status) { ready in mysql_real_connect_cont(&result, self.handle, ready) }
                    }
                }
            }
        }
        guard isInTime else {
            throw MariaDBError(.timeout, "no answer from \(login.endpoint) before the deadline", isBeforeLogin: true)
        }
        if result == nil { throw self.loginError(protection) }
    }

    private func loginError(_ protection: Protection) -> MariaDBError {
        let code = mysql_errno(self.handle)
        let message = self.scrubber.scrub(String(cString: mysql_error(self.handle)))
        if protection != .clearText, code == MariaDBError.tlsFailed, self.isGreeted, !self.offersTLS {
            return MariaDBError(.tls, code: MariaDBError.tlsNotOffered, "the server does not offer TLS", isBeforeLogin: true)
        }
        return MariaDBError(.init(loginError: code, message: message), code: code, message, isBeforeLogin: true)
    }
}

extension MariaDBLogin.Endpoint: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }
}
