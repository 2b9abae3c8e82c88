/// One row of the table of events and alerts (`alerting.md` §2.2): code that fires, resolves, prints or documents an alert reads it here.
package struct AlertDefinition: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable, CaseIterable {
        case warning, error, critical
    }

    /// CamelCase, as Prometheus mixins do.
    package let name: String
    /// Fixed per alert: escalation is another alert, never another severity (`alerting.md` §2.4).
    package let severity: Severity
    /// The CloudEvents `type` of the firing notification.
    package let eventType: String
    /// When it fires, in words for people.
    package let fires: String
    /// When it resolves, in words for people.
    package let resolves: String

    /// The CloudEvents `type` of every resolution.
    package static let resolvedEventType = "alert.resolved"

    /// The CloudEvents `type` of a test notification.
    package static let testEventType = "test"

    package static let rotationFailed = AlertDefinition(
        name: "SecretRotationFailed",
        severity: .warning,
        eventType: "rotation.failed",
        fires: "an attempt of a run ends in failure",
        resolves: endOfTrouble
    )

    package static let rotationFailing = AlertDefinition(
        name: "SecretRotationFailing",
        severity: .error,
        eventType: "rotation.failing",
        fires: "the third attempt has failed, the run is parked and needs a person, or it was given up when AWSCURRENT may log in no more",
        resolves: endOfTrouble
    )

    package static let rotationOverdue = AlertDefinition(
        name: "SecretRotationOverdue",
        severity: .error,
        eventType: "rotation.overdue",
        fires: "the next rotation date has passed without a success",
        resolves: endOfTrouble
    )

    package static let credentialLockedOut = AlertDefinition(
        name: "CredentialLockedOut",
        severity: .critical,
        eventType: "credential.locked_out",
        fires: "the target refuses every credential that is held, and no admin secret can mend it",
        resolves: endOfTrouble
    )

    package static let credentialDrift = AlertDefinition(
        name: "CredentialDrift",
        severity: .error,
        eventType: "credential.drift",
        fires: "the target refuses AWSCURRENT: someone else changed the credential",
        resolves: endOfTrouble
    )

    package static let keyDisabled = AlertDefinition(
        name: "SecretKeyDisabled",
        severity: .error,
        eventType: "key.disabled",
        fires: "a KMS key is disabled that values of secrets are under",
        resolves: "the key is enabled, its deletion is scheduled (which is another alert), or no value that a secret may need is under it"
    )

    package static let keyDeletionScheduled = AlertDefinition(
        name: "SecretKeyDeletionScheduled",
        severity: .critical,
        eventType: "key.deletion_scheduled",
        fires: "the deletion of a KMS key is scheduled that values of secrets are under: they will be lost with it",
        resolves: "the deletion is cancelled, or no value that a secret may need is under the key any more, be the key gone or not"
    )

    /// Every alert of the first cut, gravest last.
    package static let all: [AlertDefinition] = [
        .rotationFailed, .rotationFailing, .rotationOverdue, .keyDisabled, .credentialDrift, .credentialLockedOut, .keyDeletionScheduled,
    ]

    /// Failed attempts in a row from which `SecretRotationFailing` fires (`design.md` §7).
    package static let failingThreshold = 3

    private static let endOfTrouble = "the next success, rotation is disabled, or the secret is deleted"
}
