/// Where and how the daemon listens.
package struct ServingSettings: Sendable {
    package enum Transport: Sendable {
        /// HTTPS, TLS 1.2 or later, with a certificate that may be exchanged under way.
        case tls(ServerCertificate)
        /// For loopback addresses only: whoever makes the settings checks that.
        case plain
    }

    /// A host name or IP address to bind.
    package let host: String
    /// 0 for a free port, which `onRunning` tells.
    package let port: Int
    package let transport: Transport

    package init(host: String, port: Int, transport: Transport) {
        self.host = host
        self.port = port
        self.transport = transport
    }

    /// The longest body that is read: a secret value is at most 64 KiB.
    static let maximumBodySize = 1 << 20
    /// A connection without a request is closed after this long; SDKs keep connections for less than a minute.
    static let idleTimeout: Duration = .seconds(75)
    /// How long the body of a request may take to arrive once its head has: a client that sends a byte now and then is never idle.
    package static let bodyDeadline: Duration = .seconds(30)
    /// How long after connecting the head of the first request may take to arrive, the TLS handshake included.
    static let firstRequestDeadline: Duration = .seconds(15)
    /// How long a client may leave what it was sent unread.
    static let readingDeadline: Duration = .seconds(30)
    /// How long a refused client has to read why, before its connection is closed.
    static let lingering: Duration = .seconds(1)
    static let maximumConnections = 4_096
    /// Session tokens are the longest header there is: one or two kilobytes.
    static let maximumHeaderSize = 16 << 10
    static let maximumHeadSize = 32 << 10
    static let maximumHeaderCount = 100
}
