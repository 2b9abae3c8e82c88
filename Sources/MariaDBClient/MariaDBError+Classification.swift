extension MariaDBError.Kind {
    /// What an error number means when it answers a login attempt.
    ///
    /// Numbers: MariaDB's `mysqld_error.h` and Connector/C's `errmsg.h`, MySQL's where they differ.
    ///
    /// - Parameter message: The library's. Where it cannot load the plug-in that the account asks for, it sends an empty answer, is
    ///   refused, and keeps the server's number with a text of its own: the password was never shown, so that the refusal proves nothing.
    init(loginError code: UInt32, message: String) {
        guard !message.hasPrefix("Plugin ") else {
            self = .other
            return
        }
        switch code {
        // Access denied, with and without a plug-in's own text.
        case 1045, 1698: self = .refused
        // Host blocked, password must be reset, password expired, account locked (MariaDB, MySQL), resource limit of the user,
        // too many failed logins, too many connections of this user.
        case 1129, 1820, 1862, 4151, 3118, 1226, 4150, 3955, 1203: self = .locked
        // Host not allowed, no access to the database.
        case 1130, 1044: self = .permission
        // An authentication plug-in that this client refuses to use, or the server requires TLS.
        case 2026, 3159, 4003: self = .tls
        default: self = MariaDBError.Kind(transportError: code) ?? .other
        }
    }

    /// What an error number means when it answers a statement.
    init(statementError code: UInt32) {
        switch code {
        case 1044, 1045, 1142, 1143, 1227, 1370, 1410, 1419, 1698, 1221, 1211, 3530, 3619: self = .permission
        // Password too weak, SET PASSWORD does not apply, "--strict-password-validation" (shares 1290 with read-only servers).
        case 1819, 1699: self = .policy
        case 1820, 1862: self = .locked
        // Ended by `max_statement_time`.
        case MariaDBError.statementLimitReached: self = .timeout
        // No such user, grant, database, table, routine, role.
        case 1049, 1133, 1141, 1146, 1147, 1305, 1396, 1403, 1959: self = .notFound
        default: self = MariaDBError.Kind(transportError: code) ?? .other
        }
    }

    /// Numbers that say nothing about credential or statement, only that there was no conversation.
    private init?(transportError code: UInt32) {
        switch code {
        // Too many connections, out of threads, shutdown in progress, handshake lost, read and write errors and time-outs.
        case 1040, 1135, 1053, 1043, 1152, 1158, 1159, 1160, 1161, 1184, 1927: self = .unreachable
        // Client side: connect, host name, server gone, handshake, connection lost.
        case 2002, 2003, 2004, 2005, 2006, 2012, 2013, 2055: self = .unreachable
        default: return nil
        }
    }
}
