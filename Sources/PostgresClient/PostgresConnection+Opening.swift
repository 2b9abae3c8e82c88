import CPostgres
import Glibc
import SecretModel

extension PostgresConnection {
    /// Logs in to the first host that answers and is no standby.
    static func open(_ login: PostgresLogin, limits: OperationLimits) throws(PostgresError) -> PostgresConnection {
        do throws(PostgresError) {
            return try self.openAny(login, limits: limits)
        } catch {
            throw error.scrubbed(of: self.secrets(of: login))
        }
    }

    private static func secrets(of login: PostgresLogin) -> [String] { [login.password.string ?? ""] }

    /// Tries the hosts in their order. Only a host that cannot be reached, or is a standby, leads to the next one.
    private static func openAny(_ login: PostgresLogin, limits: OperationLimits) throws(PostgresError) -> PostgresConnection {
        guard !login.hosts.isEmpty else { throw PostgresError(.other, "no host is given") }
        var failure: PostgresError?
        for host in login.hosts {
            do throws(PostgresError) {
                return try self.open(login, host: host, limits: limits.within(login.connectTimeout), operation: limits)
            } catch {
                switch error.kind {
                case .unreachable, .timedOut, .readOnly: failure = failure ?? error
                default: throw error
                }
            }
        }
        throw failure ?? PostgresError(.unreachable, "no host answered")
    }

    /// - Parameters:
    ///   - limits: Those of the login.
    ///   - operation: Those of what the connection is for.
    private static func open(
        _ login: PostgresLogin,
        host: String,
        limits: OperationLimits,
        operation: OperationLimits
    ) throws(PostgresError) -> PostgresConnection {
        // Half of the time for statements to begin in, the other half for the server to end the last of them.
        let statementLimit = min(login.statementLimit, (operation.deadline - ContinuousClock.now) / 2)
        func open(_ mode: String) throws(PostgresError) -> PostgresConnection {
            let handle = try self.open(login, host: host, mode: mode, statementLimit: statementLimit, limits: limits)
            return PostgresConnection(
                handle: handle,
                limits: operation,
                statementLimit: statementLimit,
                secrets: self.secrets(of: login)
            )
        }
        switch login.tls {
        case .off: return try open("disable")
        case .verified: return try open("verify-full")
        case .verifiedIfOffered:
            let isLocal = PostgresLogin.isLocal(host)
            if login.hadNoTLS, isLocal, let connection = try self.stillWithoutTLS({ () throws(PostgresError) in try open("disable") }) {
                return connection
            }
            do throws(PostgresError) {
                return try open("verify-full")
            } catch {
                // libpq says this only when the server itself answered that it has no TLS, before anything was encrypted or verified.
                guard error.kind == .tls, error.message.contains("server does not support SSL"), isLocal else { throw error }
                return try open("disable")
            }
        }
    }

    /// Clear text to a server that had no TLS a moment ago.
    /// - Returns: `nil` if it has TLS by now (W3), or wants none of this connection for a reason that may be that.
    private static func stillWithoutTLS(
        _ open: () throws(PostgresError) -> PostgresConnection
    ) throws(PostgresError) -> PostgresConnection? {
        do throws(PostgresError) {
            let connection = try open()
            let answer = try connection.run("SELECT current_setting('ssl') AS ssl").first
            guard answer?["ssl"] == "off" else { return nil }
            return connection
        } catch {
            guard error.kind == .other else { throw error }
            return nil
        }
    }

    private static func open(
        _ login: PostgresLogin,
        host: String,
        mode: String,
        statementLimit: Duration,
        limits: OperationLimits
    ) throws(PostgresError) -> OpaquePointer {
        try limits.check()
        let parameters = self.parameters(login, host: host, mode: mode, statementLimit: statementLimit)
        guard parameters.allSatisfy({ !$0.value.utf8.contains(0) }) else {
            throw PostgresError(.other, "a name or the password contains a NUL, at which libpq would cut it")
        }
        guard let handle = self.start(parameters) else { throw PostgresError(.other, "libpq is out of memory") }
        do throws(PostgresError) {
            // By default libpq writes the server's notices to our standard error.
            PQsetNoticeProcessor(handle, { _, _ in }, nil)
            // The only way to the SQLSTATE of a refused login; see `PostgresError.connecting`.
            PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
            try self.finishConnecting(handle, limits: limits)
            PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
            guard PQsetnonblocking(handle, 1) == 0 else { throw PostgresError(.other, "libpq cannot make the connection non-blocking") }
            return handle
        } catch {
            PQfinish(handle)
            throw error
        }
    }

    private static func start(_ parameters: KeyValuePairs<String, String>) -> OpaquePointer? {
        var keys: [UnsafePointer<CChar>?] = parameters.map { UnsafePointer(strdup($0.key)) } + [nil]
        var values: [UnsafePointer<CChar>?] = parameters.map { UnsafePointer(strdup($0.value)) } + [nil]
        defer {
            for pointer in keys + values { free(UnsafeMutablePointer(mutating: pointer)) }
        }
        return PQconnectStartParams(&keys, &values, 0)
    }

    private static func parameters(
        _ login: PostgresLogin,
        host: String,
        mode: String,
        statementLimit: Duration
    ) -> KeyValuePairs<String, String> {
        var settings = login.sessionSettings
        settings["statement_timeout"] = self.milliseconds(statementLimit)
        settings["lock_timeout"] = self.milliseconds(min(login.lockLimit, statementLimit))
        return [
            "host": host,
            "port": String(login.port),
            "user": login.username,
            "password": login.password.string ?? "",
            "dbname": login.database,
            "application_name": "keyturn",
            "client_encoding": "UTF8",
            "sslmode": mode,
            "sslrootcert": login.authoritiesFile ?? "/etc/ssl/certs/ca-certificates.crt",
            // A file of the daemon's user must not decide how we log in.
            "passfile": "/dev/null",
            "sslcert": "/dev/null/none",
            "gssencmode": "disable",
            // Of several hosts only the primary can change a password.
            "target_session_attrs": login.hosts.count > 1 ? "primary" : "any",
            "options": settings.sorted { $0.key < $1.key }
                .map { "-c \($0.key)=\(self.escapedOption($0.value))" }.joined(separator: " "),
        ]
    }

    /// As a setting; 0 would be no limit.
    private static func milliseconds(_ limit: Duration) -> String { String(max(Int64(limit / .milliseconds(1)), 1)) }

    /// The server splits `options` at blanks and takes a backslash as escape.
    private static func escapedOption(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing(" ", with: "\\ ")
    }

    private static func finishConnecting(_ handle: OpaquePointer, limits: OperationLimits) throws(PostgresError) {
        // libpq: before the first call of PQconnectPoll behave as if it had asked for writing.
        var status = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while true {
            switch status {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_READING: try limits.wait(for: POLLIN, on: PQsocket(handle))
            case PGRES_POLLING_WRITING: try limits.wait(for: POLLOUT, on: PQsocket(handle))
            default: throw PostgresError.connecting(String(cString: PQerrorMessage(handle)))
            }
            status = PQconnectPoll(handle)
        }
    }
}
