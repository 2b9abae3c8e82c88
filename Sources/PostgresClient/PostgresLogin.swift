package import SecretModel

/// Where to log in, and as whom.
package struct PostgresLogin: Sendable {
    /// What protects the connection.
    package enum TLS: Hashable, Sendable {
        /// The server's certificate and name are verified, or there is no connection.
        case verified
        /// Verified TLS if the server offers TLS. If it does not: clear text to this machine only, an error elsewhere. Never clear text
        /// after TLS was offered, whatever went wrong with it (W3).
        case verifiedIfOffered
        /// Clear text.
        case off
    }

    /// Tried in their order until one answers. Each is a name, an address (IPv6 without brackets) or the directory of a Unix socket.
    package var hosts: [String]
    package var port: Int
    package var username: String
    package var password: SecretValue
    package var database: String
    package var tls: TLS
    /// PEM file of the authorities that may have signed the server's certificate; `nil` for those of the system.
    package var authoritiesFile: String?
    /// Server settings for the session. They win over those of the role and the database, and may fail on a connection pooler.
    package var sessionSettings: [String: String]
    /// Whether this server had no TLS a moment ago. `verifiedIfOffered` on this machine then begins in clear text, which saves a connection
    /// made for nothing, asks the server whether it has TLS by now, and if so begins again with TLS. Elsewhere it changes nothing.
    package var hadNoTLS = false
    /// How long the server works on one statement, and waits for one lock, before it ends the statement by itself. A session gets less where
    /// its deadline is near.
    package var statementLimit = Duration.seconds(20)
    package var lockLimit = Duration.seconds(5)
    /// How long one host may take to accept the connection and the login, within the deadline of the operation.
    package var connectTimeout: Duration

    /// - Parameter host: One host, or several separated by commas.
    package init(
        host: String,
        port: Int,
        username: String,
        password: SecretValue,
        database: String,
        tls: TLS,
        authoritiesFile: String? = nil,
        sessionSettings: [String: String] = PostgresLogin.pinnedSettings,
        connectTimeout: Duration = .seconds(5)
    ) {
        self.hosts = host.split(separator: ",").map(String.init)
        self.port = port
        self.username = username
        self.password = password
        self.database = database
        self.tls = tls
        self.authoritiesFile = authoritiesFile
        self.sessionSettings = sessionSettings
        self.connectTimeout = connectTimeout
    }

    /// What no role or database may decide for us: names mean those of the system catalogue, a read-only default does not hold (W12), and
    /// the server gives up by itself when we are gone.
    package static let pinnedSettings = [
        "search_path": "pg_catalog",
        "default_transaction_read_only": "off",
        "idle_in_transaction_session_timeout": "20s",
    ]

    /// Whether a host is this machine.
    package static func isLocal(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.hasPrefix("/") || host == "localhost" || host == "::1"
            || (parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil })
    }
}
