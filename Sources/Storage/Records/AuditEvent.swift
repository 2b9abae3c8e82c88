package import SecretModel

/// What happened, as the audit trail tells of it: CloudTrail's record as JSON, and what of it people search for.
package struct AuditEvent: Hashable, Sendable {
    /// CloudTrail's `eventID`.
    package let id: String
    package let at: Timestamp
    package let scope: SecretScope
    /// `secretsmanager.amazonaws.com`, `cloudtrail.amazonaws.com`, or Keyturn's own.
    package let source: String
    /// `PutSecretValue`, `RotationStarted`, …
    package let name: String
    package let isReadOnly: Bool
    /// The name of the user, or of the role's session; `nil` for what the daemon does by itself.
    package let userName: String?
    package let accessKeyID: String?
    /// The ARN of the secret or key that it is about, where that is known.
    package var resource: String?
    /// `nil` for success.
    package let errorCode: String?
    /// The whole record, without any secret value (I8).
    package let text: String

    package init(
        id: String,
        at: Timestamp,
        scope: SecretScope,
        source: String,
        name: String,
        isReadOnly: Bool,
        userName: String? = nil,
        accessKeyID: String? = nil,
        resource: String? = nil,
        errorCode: String? = nil,
        text: String
    ) {
        self.id = id
        self.at = at
        self.scope = scope
        self.source = source
        self.name = name
        self.isReadOnly = isReadOnly
        self.userName = userName
        self.accessKeyID = accessKeyID
        self.resource = resource
        self.errorCode = errorCode
        self.text = text
    }

    /// The record, read.
    package func document() throws(JSONSyntaxError) -> JSONValue { try JSONValue(parsing: self.text) }
}
