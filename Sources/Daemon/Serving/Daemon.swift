import AWSAPI
package import Access
import Alerting
import CertificateAuthority
import HTTPServing
import Identities
package import Logging
import SecretModel
import ServiceLifecycle
import Storage
import UnixSignals

/// A daemon over an opened installation.
package struct Daemon: Sendable {
    /// How clients reach the daemon that has just begun to listen.
    package struct Ready: Sendable {
        package let endpoint: String
        /// What clients must trust; `nil` with plain HTTP.
        package let authorityCertificate: String?
        package let administratorKey: AccessKey
    }

    /// After this long a shutdown no longer waits for running steps. The unit's `TimeoutStopSec` is the same.
    static let shutdownLimit: Duration = .seconds(90)

    let settings: Settings
    let installation: Installation
    let logger: Logger
    private let transport: ServingSettings.Transport
    private let administratorKey: AccessKey

    /// Opens the installation and checks everything that can be checked before anything is served.
    package init(settings: Settings, logger: Logger) async throws(DaemonError) {
        guard !settings.isPlainHTTP || settings.listen.isLoopback else { throw .plainHTTPNotOnLoopback(host: settings.listen.host) }
        try ProcessHardening.raiseFileLimit()
        let installation = try await Installation.open(settings.data)
        do throws(DaemonError) {
            if settings.isPlainHTTP {
                self.transport = .plain
            } else {
                self.transport = .tls(try Self.certificate(settings))
            }
            self.administratorKey = try await installation.administratorKey()
        } catch {
            try installation.close()
            throw error
        }
        self.settings = settings
        self.installation = installation
        self.logger = logger
    }

    /// Serves until SIGTERM, SIGINT or SIGQUIT. Running steps end within their deadlines; what is unfinished is resumed at the next start.
    ///
    /// - Parameter onReady: Called once, when requests are answered.
    package func run(onReady: @escaping @Sendable (Ready) -> Void) async throws(DaemonError) {
        do {
            let parts = DaemonParts(self.settings, self.installation)
            let services: ServiceGroup
            do {
                services = try self.services(parts, onReady: onReady)
            } catch {
                // Its HTTP client must be ended even if it never ran.
                try await parts.alertDelivery.shutdown()
                throw error
            }
            try await services.run()
        } catch let error as ServingError {
            try self.installation.close()
            throw .serving(address: self.settings.listen.description, error)
        } catch {
            try self.installation.close()
            throw DaemonError(error, path: self.settings.data.path)
        }
        try self.installation.close()
        self.logger.info("stopped")
    }

    private static func certificate(_ settings: Settings) throws(DaemonError) -> ServerCertificate {
        let pair = try CertificateSource(settings).load(now: SystemClock.now())
        do throws(ServingError) {
            return try ServerCertificate(chain: pair.certificate, key: pair.key)
        } catch {
            throw .serving(address: settings.listen.description, error)
        }
    }

    private func services(_ parts: DaemonParts, onReady: @escaping @Sendable (Ready) -> Void) throws(ServingError) -> ServiceGroup {
        var waiting = parts.rotationServices.map { ($0, StartSignal()) }
        if case .tls(let certificate) = self.transport {
            let watch = CertificateWatch(
                CertificateSource(self.settings),
                shown: certificate,
                heedsHangups: !self.settings.endsOnHangup,
                now: SystemClock.now,
                logger: self.logger
            )
            waiting.append((watch, StartSignal()))
        }
        let signals = waiting.map(\.1)
        let server = try self.server(parts) { ready in
            for signal in signals { signal.send() }
            onReady(ready)
        }
        var configuration = ServiceGroupConfiguration(
            services: [server, parts.alertDelivery] + waiting.map { OnceListening(signal: $0.1, service: $0.0) },
            gracefulShutdownSignals: [.sigterm, .sigint] + (self.settings.endsOnHangup ? [.sighup] : []),
            cancellationSignals: [.sigquit],
            logger: Logger(label: "keyturn.services", level: .warning)
        )
        configuration.maximumGracefulShutdownDuration = Self.shutdownLimit
        return ServiceGroup(configuration: configuration)
    }

    private func server(_ parts: DaemonParts, onReady: @escaping @Sendable (Ready) -> Void) throws(ServingError) -> HTTPServer {
        let directory = parts.directory
        let tokens = SessionTokens(keyring: self.installation.keyring)
        let store = self.installation.store
        let frontDoor = FrontDoor(
            router: parts.router,
            verifier: SignatureVerifier(regions: self.settings.regions.isEmpty ? nil : Set(self.settings.regions)),
            credential: { id, token in
                guard let token else { return try await directory.credential(id) }
                return try await tokens.credential(id, token, in: directory)
            },
            unreadiness: {
                do {
                    _ = try await store.read { try $0.fact(Installation.Fact.rootKeyCheck) }
                    return nil
                } catch {
                    return "the store cannot be read"
                }
            },
            now: SystemClock.now,
            logger: Logger(label: "keyturn.http"),
            isSecure: !self.settings.isPlainHTTP
        )
        return try HTTPServer(
            ServingSettings(host: self.settings.listen.host, port: self.settings.listen.port, transport: self.transport),
            frontDoor: frontDoor,
            logger: Logger(label: "keyturn.http", level: .warning)
        ) { port in
            self.announce(port: port, onReady)
        }
    }

    private func announce(port: Int, _ onReady: @Sendable (Ready) -> Void) {
        let ready = Ready(
            endpoint: self.settings.endpoint(port: port),
            authorityCertificate: self.settings.authorityCertificate,
            administratorKey: self.administratorKey
        )
        self.logger.info(
            "ready",
            metadata: ["endpoint": "\(ready.endpoint)", "ca": "\(ready.authorityCertificate ?? "none")"]
        )
        ServiceManager.current?.notify("READY=1")
        onReady(ready)
    }
}

extension Logger {
    fileprivate init(label: String, level: Logger.Level) {
        self.init(label: label)
        self.logLevel = max(self.logLevel, level)
    }
}
