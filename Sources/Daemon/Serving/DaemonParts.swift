import AWSAPI
import Alerting
import Logging
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
    /// What works besides answering requests.
    let backgroundServices: [any Service]

    init(_ settings: Settings, _ installation: Installation) {
        let alerts = AlertRecorder(sinks: [])
        let engine = EngineParts(
            store: installation.store,
            keyring: installation.keyring,
            alerts: alerts,
            rotators: Self.rotators(settings),
            time: EngineTime(now: SystemClock.now),
            logger: Logger(label: "keyturn.rotation")
        )
        var generator = SystemRandomNumberGenerator()
        let limits = EngineSettings(owner: VersionID(using: &generator).description)
        let scheduler = RotationScheduler(parts: engine, settings: limits)
        let secrets = SecretService(
            store: installation.store,
            keyring: installation.keyring,
            hooks: RotationHooks(alerts: alerts, logger: engine.logger)
        )
        let rotation = RotationRequests(parts: engine, scheduler: scheduler)

        self.router = APIRouter(
            operations: SecretsManagerOperations.onSecrets(secrets) + SecretsManagerOperations.onRotation(rotation)
        )
        self.backgroundServices = [scheduler, OverdueDetector(parts: engine, settings: limits)]
    }

    private static func rotators(_ settings: Settings) -> RotatorCatalog {
        let directories = settings.rotatorDirectories
        return RotatorCatalog(
            builtIn: PostgresRotator.all(client: PostgresClient()) + RotationStrategy.allCases.map(MariaDBRotator.init(strategy:)),
            directories: directories.isEmpty ? RotatorCatalog.defaultDirectories : directories
        )
    }
}
