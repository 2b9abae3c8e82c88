package import SecretModel

/// Who did what. Written in the transaction of the change itself (I9).
package struct AuditRecord: Hashable, Sendable {
    package let id: String
    package let at: Timestamp
    package let scope: SecretScope
    /// A principal's ARN, or `secretsmanager.amazonaws.com` for what the daemon does by itself.
    package let actor: String
    /// AWS's event name: `PutSecretValue`, `RotationStarted`, …
    package let event: String
    package let secret: SecretARN?
    package let requestID: String
    /// `nil` for success.
    package let errorCode: String?
    package let details: JSONValue?

    package init(
        id: String,
        at: Timestamp,
        scope: SecretScope,
        actor: String,
        event: String,
        secret: SecretARN?,
        requestID: String,
        errorCode: String? = nil,
        details: JSONValue? = nil
    ) {
        self.id = id
        self.at = at
        self.scope = scope
        self.actor = actor
        self.event = event
        self.secret = secret
        self.requestID = requestID
        self.errorCode = errorCode
        self.details = details
    }
}
