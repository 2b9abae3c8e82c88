package import AWSAPI
package import Alerting
package import Auditing
package import Identities
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
    package let identities: IdentityService
    package let authorizer: Authorizer

    package init(
        store: Store,
        trail: AuditTrail,
        secrets: SecretService,
        requests: RotationRequests,
        rotators: RotatorCatalog,
        alerts: AlertDelivery,
        identities: IdentityService,
        authorizer: Authorizer
    ) {
        self.store = store
        self.trail = trail
        self.secrets = secrets
        self.requests = requests
        self.rotators = rotators
        self.alerts = alerts
        self.identities = identities
        self.authorizer = authorizer
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
        ] + self.onIdentities
    }

    private var onIdentities: [any APIOperation] {
        let kinds: [IdentityID.Kind] = [.user, .role]
        return kinds.flatMap { kind -> [any APIOperation] in
            [
                CreateIdentity(parts: self, kind: kind), ListIdentities(parts: self, kind: kind),
                DescribeIdentity(parts: self, kind: kind), DeleteIdentity(parts: self, kind: kind),
            ]
        } + [
            CreateAccessKey(parts: self), UpdateAccessKey(parts: self), DeleteAccessKey(parts: self),
            PutPolicy(parts: self, isNew: true), PutPolicy(parts: self, isNew: false), ListPolicies(parts: self),
            DescribePolicy(parts: self), DeletePolicy(parts: self), AttachPolicy(parts: self), DetachPolicy(parts: self),
            ExplainAccess(parts: self), UpdateRole(parts: self), RevokeSessions(parts: self),
            PutPermissionsBoundary(parts: self), DeletePermissionsBoundary(parts: self),
        ]
    }
}
