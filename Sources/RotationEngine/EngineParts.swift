package import Alerting
package import Auditing
package import Encryption
package import Logging
package import Rotators
package import Secrets
package import Storage

/// What scheduler, workers and requests stand on.
package struct EngineParts: Sendable {
    package let store: Store
    package let keyring: Keyring
    package let versions: VersionMoves
    package let trail: AuditTrail
    package let alerts: AlertRecorder
    package let rotators: any RotatorRegistry
    package let time: EngineTime
    package let randomness: EngineRandomness
    package let logger: Logger

    package init(
        store: Store,
        keyring: Keyring,
        alerts: AlertRecorder,
        rotators: any RotatorRegistry,
        time: EngineTime,
        randomness: EngineRandomness = .system,
        logger: Logger
    ) {
        self.store = store
        self.keyring = keyring
        self.versions = VersionMoves(
            keyring: keyring,
            now: time.now,
            keyHook: { keys, now, store in try alerts.review(keys, at: now, in: store) }
        )
        self.trail = AuditTrail(keyring: keyring)
        self.alerts = alerts
        self.rotators = rotators
        self.time = time
        self.randomness = randomness
        self.logger = logger
    }
}
