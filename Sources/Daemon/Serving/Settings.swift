package import Alerting
import Auditing
package import ConfigurationFiles
package import SecretModel

/// What the daemon is told: values, with the defaults of an installation on one machine.
package struct Settings: Sendable {
    package var data: DataDirectory
    package var listen: ListenAddress
    /// Serve HTTP instead of HTTPS. Refused unless `listen` is a loopback address.
    package var isPlainHTTP: Bool
    /// The regions that requests may be signed for; empty for any.
    package var regions: [RegionName]
    /// Where script rotators are looked for, in this order; empty for the standard places.
    package var rotatorDirectories: [String]
    /// Where alerts go.
    package var sinks: [AlertSink]
    /// A certificate that someone else issued; `nil` for one of the installation's own authority.
    package var certificateFiles: CertificateFiles?
    /// Whether SIGHUP ends the daemon, as when the terminal is closed; else it reads the certificate again.
    package var endsOnHangup = false
    /// How many runs at once, over all and on one target (I10).
    package var concurrentRuns = 4
    package var runsPerTarget = 1
    /// How long audit records are kept.
    package var auditRetention = AuditRetention.standard

    package init(
        data: DataDirectory,
        listen: ListenAddress = .standard,
        isPlainHTTP: Bool = false,
        regions: [RegionName] = [],
        rotatorDirectories: [String] = [],
        sinks: [AlertSink] = []
    ) {
        self.data = data
        self.listen = listen
        self.isPlainHTTP = isPlainHTTP
        self.regions = regions
        self.rotatorDirectories = rotatorDirectories
        self.sinks = sinks
    }

    /// The certificate authority that clients must be told of; `nil` if there is none, or someone else's.
    var authorityCertificate: String? {
        self.isPlainHTTP || self.certificateFiles != nil ? nil : self.data.authorityCertificate
    }

    /// The address as clients call it; a daemon that listens everywhere is shown as `localhost`.
    func endpoint(port: Int) -> String {
        let host = ["0.0.0.0", "::"].contains(self.listen.host) ? "localhost" : self.listen.host
        return "\(self.isPlainHTTP ? "http" : "https")://\(ListenAddress(host: host, port: port))"
    }
}
