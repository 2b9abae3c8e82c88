package import SecretModel

/// `keyturn.yaml`: the settings of the daemon. Every member is optional; a flag on the command line wins.
package struct DaemonFile: Hashable, Sendable {
    package var listen: String?
    package var isPlainHTTP: Bool?
    package var regions: [RegionName]?
    package var rotatorDirectories: [String]?
    package var maxConcurrentRotations: Int?
    package var maxPerTarget: Int?
    /// How long audit records are kept.
    package var auditRetention: Duration?
    package var sinks: [SinkSetting] = []
    package var certificateFiles: CertificateFiles?

    package init() {}
}

/// The PEM files of a certificate that the daemon did not make itself: the chain, the server's own certificate first, and its key.
package struct CertificateFiles: Hashable, Sendable {
    package let certificate: String
    package let key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// Where alerts go. Secrets of sinks stand in files of their own.
package struct SinkSetting: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// - Parameter signingSecretFiles: Each holds one `whsec_…`; the first signs, the others sign too until they are removed.
        case webhook(url: String, signingSecretFiles: [String])
        case exec(command: String)
    }

    package let name: String
    package let kind: Kind
}
