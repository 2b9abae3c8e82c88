package import AWSAPI
package import Alerting
package import Auditing
package import RotationEngine
package import Rotators
package import Secrets
package import Storage

/// What Keyturn's own operations stand on.
package struct OperationParts: Sendable {
    package let store: Store
    package let trail: AuditTrail
    package let secrets: SecretService
    package let requests: RotationRequests
    package let rotators: RotatorCatalog
    package let alerts: AlertDelivery

    package init(
        store: Store,
        trail: AuditTrail,
        secrets: SecretService,
        requests: RotationRequests,
        rotators: RotatorCatalog,
        alerts: AlertDelivery
    ) {
        self.store = store
        self.trail = trail
        self.secrets = secrets
        self.requests = requests
        self.rotators = rotators
        self.alerts = alerts
    }

    /// Keyturn's own operations: targets `keyturn.…`, beside AWS's on the same endpoint. Added to the router by the daemon.
    package var operations: [any APIOperation] {
        [
            ListRotations(parts: self),
            DescribeRotation(parts: self),
            RetryRotation(parts: self),
            ProbeSecret(parts: self),
            PreflightRotation(parts: self),
            ListUpcomingRotations(parts: self),
            RollBackSecret(parts: self),
            ListRotators(parts: self),
            PlanRules(parts: self),
            ApplyRules(parts: self),
            ListAlerts(parts: self),
            TestAlerts(parts: self),
            ListAuditRecords(parts: self),
            VerifyAuditTrail(parts: self),
            CheckHealth(parts: self),
        ]
    }
}
