import AWSAPI
import Logging
import Secrets
import ServiceLifecycle

/// The composition root: every part of the daemon is made here, and given what it stands on.
struct DaemonParts {
    let router: APIRouter
    /// What works besides answering requests.
    let backgroundServices: [any Service]

    init(_ settings: Settings, _ installation: Installation) {
        let secrets = SecretService(store: installation.store, keyring: installation.keyring)
        self.router = APIRouter(operations: SecretsManagerOperations.onSecrets(secrets))
        self.backgroundServices = []
    }
}
