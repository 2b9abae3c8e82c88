package import SecretModel

/// Where a server listens, and who logs in.
package struct MariaDBLogin: Sendable {
    /// The two ways to reach a server.
    package enum Endpoint: Hashable, Sendable {
        case tcp(host: String, port: Int)
        case socket(path: String)

        /// Whether nothing between client and server can read along: a unix socket, or the loopback interface.
        package var isLocal: Bool {
            switch self {
            case .socket: true
            case .tcp(let host, _): host.lowercased() == "localhost" || host == "::1" || Self.isLoopbackIPv4(host)
            }
        }

        private static func isLoopbackIPv4(_ host: String) -> Bool {
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        }
    }

    /// What must hold about TLS. No case ever falls back to clear text after the server has offered TLS (W3).
    package enum Encryption: Hashable, Sendable {
        /// Verified TLS if the server offers it; without an offer, clear text on loopback and unix sockets only.
        case whenOffered
        /// TLS with a certificate that verifies, or no connection.
        case required
        /// Clear text, because the secret says so.
        case none
    }

    package let endpoint: Endpoint
    package let user: String
    package let password: SecretValue
    package let encryption: Encryption
    /// PEM file of the certificate authorities to trust; `nil` means the system's.
    package let authorityFile: String?
    /// Whether this server had no TLS a moment ago. ``Encryption/whenOffered`` on this machine then begins in clear text, which saves a
    /// connection made for nothing; a greeting that offers TLS by now makes it begin again, with TLS. Elsewhere it changes nothing.
    package var hadNoTLS = false

    package init(
        endpoint: Endpoint,
        user: String,
        password: SecretValue,
        encryption: Encryption = .whenOffered,
        authorityFile: String? = nil
    ) {
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.encryption = encryption
        self.authorityFile = authorityFile
    }
}
