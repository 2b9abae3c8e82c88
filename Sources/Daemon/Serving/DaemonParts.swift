import AWSAPI
import Alerting
import Auditing
import BlockingCalls
import Identities
import KeyManagement
import Logging
import MariaDBClient
import Operations
import PostgresClient
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Secrets
import ServiceLifecycle

/// The composition root: every part of the daemon is made here, and given what it stands on.
struct DaemonParts {
    let router: APIRouter
    let directory: IdentityDirectory
    /// What turns secrets; it must not begin before the daemon listens.
    let rotationServices: [any Service]
    let alertDelivery: AlertDelivery

    init(_ settings: Settings, _ installation: Installation) {
        let alerts = AlertRecorder(sinks: settings.sinks.map(\.name))
        var generator = SystemRandomNumberGenerator()
        var limits = EngineSettings(owner: VersionID(using: &generator).description)
        limits.concurrentRuns = settings.concurrentRuns
        limits.runsPerTarget = settings.runsPerTarget
        let rotators = Self.rotators(settings, connections: limits.greatestRuns + Self.connectionsForRequests)
        let engine = EngineParts(
            store: installation.store,
            keyring: installation.keyring,
            alerts: alerts,
            rotators: rotators,
            time: EngineTime(now: SystemClock.now),
            logger: Logger(label: "keyturn.rotation")
        )
        let scheduler = RotationScheduler(parts: engine, settings: limits)
        let secrets = SecretService(
            store: installation.store,
            keyring: installation.keyring,
            hostedRegions: settings.regions.isEmpty ? nil : Set(settings.regions),
            deletionHook: { secret, now, store in try alerts.record(.secretDeleted, of: secret, at: now, in: store) },
            keyHook: { keys, now, store in try alerts.review(keys, at: now, in: store) }
        )
        let keys = KeyService(
            store: installation.store,
            use: KeyUse(keyring: installation.keyring),
            stateHook: { key, now, store in try alerts.record(key, at: now, in: store) }
        )
        let rotation = RotationRequests(parts: engine, scheduler: scheduler)
        let trail = engine.trail

        self.rotationServices = [
            scheduler,
            OverdueDetector(parts: engine, settings: limits),
            Maintenance(
                secrets: secrets,
                keys: keys,
                audit: AuditRetention(store: installation.store, trail: trail, keeping: settings.auditRetention),
                now: SystemClock.now,
                logger: Logger(label: "keyturn.maintenance")
            ),
        ]
        self.alertDelivery = AlertDelivery(
            store: installation.store,
            sinks: settings.sinks,
            logger: Logger(label: "keyturn.alerts"),
            now: SystemClock.now
        )
        self.directory = IdentityDirectory(store: installation.store, keyring: installation.keyring)
        let authorizer = Authorizer(self.directory, installation.store)
        let own = OperationParts(
            store: installation.store,
            trail: trail,
            secrets: secrets,
            requests: rotation,
            rotators: rotators,
            alerts: self.alertDelivery,
            identities: IdentityService(store: installation.store, keyring: installation.keyring, directory: self.directory),
            authorizer: authorizer
        )
        self.router = APIRouter(
            operations: SecretsManagerOperations.onSecrets(secrets) + SecretsManagerOperations.onRotation(rotation)
                + KeyOperations.all(keys)
                + TokenOperations.all(SessionTokens(keyring: installation.keyring), self.directory, installation.store)
                + CloudTrailOperations.onAuditTrail(of: installation.store) + own.operations,
            audit: AuditRecorder(store: installation.store, trail: trail),
            authorizer: authorizer
        )
    }

    /// Probes and preflights that people ask for, beside the runs.
    private static let connectionsForRequests = 8

    /// - Parameter connections: As many as can be wanted at once: one that had to wait for a thread would look like a silent target.
    private static func rotators(_ settings: Settings, connections: Int) -> RotatorCatalog {
        let directories = settings.rotatorDirectories
        let threads = BlockingThreads(atMost: connections, named: "keyturn-targets")
        let mariaDB = MariaDBClient(threads)
        return RotatorCatalog(
            builtIn: PostgresRotator.all(client: PostgresClient(threads))
                + RotationStrategy.allCases.map { MariaDBRotator(strategy: $0, client: mariaDB) },
            directories: directories.isEmpty ? RotatorCatalog.defaultDirectories : directories
        )
    }
}
