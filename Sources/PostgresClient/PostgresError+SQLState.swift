extension PostgresError.Kind {
    /// What the SQLSTATE of a statement's error means (PostgreSQL documentation, appendix A).
    init(statementSQLState state: String) {
        self =
            switch state {
            case "42501": .permission
            // Raised by passwordcheck and its kin for ALTER ROLE … PASSWORD.
            case "22023": .policy
            case "25006": .readOnly
            // Serialisation, deadlock, lock not available, object in use, "tuple concurrently updated", duplicate role.
            case "40001", "40P01", "55P03", "55006", "XX000", "42710", "23505": .conflict
            case "57014": .timedOut
            case "3D000", "42704": .notFound
            default: Self(commonSQLState: state)
            }
    }

    /// What the SQLSTATE of a refused login means.
    /// - Parameter location: The server's function that raised the error; unlike the text it is the same in every language.
    init(loginSQLState state: String, location: String?) {
        self =
            switch state {
            case "28P01": .refused
            // Raised after the password was accepted: NOLOGIN. With trust and peer authentication also for a role that does not exist.
            case "28000": location == "InitializeSessionUserId" ? .locked : .other
            case "42501": .permission
            case "3D000": .notFound
            default: Self(commonSQLState: state)
            }
    }

    private init(commonSQLState state: String) {
        // 08 connection, 53 resources (53300 too many connections), 57P01–57P05 shutting down, starting up, dropped.
        let isUnreachable = ["08", "53"].contains(String(state.prefix(2))) || state.hasPrefix("57P")
        // 08P01 is a pooler that does not know a start-up parameter.
        self = isUnreachable && state != "08P01" ? .unreachable : .other
    }
}

extension PostgresError {
    /// Classifies libpq's text for a failed connection. libpq keeps the SQLSTATE of such an error to itself, but prints it, and the
    /// server's function, when its verbosity is VERBOSE: `… failed: FATAL:  28P01: text⏎LOCATION:  auth_failed, auth.c:330`. Severity and
    /// text may be in the server's language, state and function are not.
    static func connecting(_ text: String) -> PostgresError {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        // With several addresses the last one that answered ended the search.
        for (index, line) in lines.enumerated().reversed() {
            guard let (state, message) = self.stateAndMessage(line) else { continue }
            let rest = lines[(index + 1)...]
            let location = rest.first { $0.hasPrefix("LOCATION:") }?.dropFirst("LOCATION:".count).split(separator: ",").first
            let function = location.map { String($0.drop { $0 == " " }) }
            return PostgresError(Kind(loginSQLState: state, location: function), message, sqlState: state)
        }
        // After a tab libpq asks whether the server runs, which is no cause.
        let message = lines.last { !$0.hasPrefix("\t") } ?? "the connection failed"
        return PostgresError(self.kindWithoutState(of: text), self.withoutPrefix(message))
    }

    private static func stateAndMessage(_ line: String) -> (state: String, message: String)? {
        let bytes = Array(line.utf8)
        for start in bytes.indices where bytes[start...].starts(with: ":  ".utf8) {
            let state = bytes[(start + 3)...].prefix(5)
            let isState = state.count == 5 && state.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
            guard isState, bytes[(start + 8)...].starts(with: ": ".utf8) else { continue }
            return (String(decoding: state, as: UTF8.self), String(decoding: bytes[(start + 10)...], as: UTF8.self))
        }
        return nil
    }

    /// libpq's own errors have no SQLSTATE. Its texts are English: this process never calls `setlocale`.
    private static func kindWithoutState(of text: String) -> Kind {
        func mentions(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        if mentions("SSL SYSCALL", "could not translate host name", "Connection refused", "closed the connection") { return .unreachable }
        if mentions("SSL", "certificate") { return .tls }
        if mentions("hot standby mode") { return .readOnly }
        if mentions("authentication", "SCRAM", "password") { return .other }
        return .unreachable
    }

    /// Without `connection to server at "…", port … failed: `, which the caller says in its own words.
    private static func withoutPrefix(_ line: String) -> String {
        guard line.hasPrefix("connection to server "), let end = line.firstRange(of: " failed: ") else { return line }
        return String(line[end.upperBound...])
    }
}
