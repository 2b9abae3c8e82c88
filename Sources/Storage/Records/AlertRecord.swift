package import SecretModel

/// A firing or resolved alert (`alerting.md` §3). The fingerprint is `hex(sha256("keyturn/v1\n" + name + "\n" + ARN))`.
///
/// One about a KMS key has no secret; the key's ARN is in `data`.
package struct AlertRecord: Hashable, Sendable {
    package let fingerprint: String
    package let name: String
    package let secret: SecretARN?
    package let severity: String
    package var startsAt: Timestamp
    /// `nil` while it fires.
    package var endsAt: Timestamp?
    package var updatedAt: Timestamp
    package var errorCode: String?
    package var attempts: Int
    /// The CloudEvents `data` of the last notification.
    package var data: JSONValue

    package init(
        fingerprint: String,
        name: String,
        secret: SecretARN?,
        severity: String,
        startsAt: Timestamp,
        errorCode: String?,
        attempts: Int,
        data: JSONValue
    ) {
        self.fingerprint = fingerprint
        self.name = name
        self.secret = secret
        self.severity = severity
        self.startsAt = startsAt
        self.updatedAt = startsAt
        self.errorCode = errorCode
        self.attempts = attempts
        self.data = data
    }
}

/// One message to one sink: delivered at least once, retried, then a dead letter.
package struct OutboxRecord: Hashable, Sendable {
    /// How far the message has come. The names are stored.
    package enum Status: String, Hashable, Sendable {
        case waiting, delivered, deadLetter
    }

    /// `evt_…`: the same on every retry.
    package let id: String
    package let sink: String
    package let createdAt: Timestamp
    package var status: Status
    package var attempts: Int
    package var nextAttemptAt: Timestamp
    package var lastError: String?
    /// The whole CloudEvents body.
    package let body: String

    package init(id: String, sink: String, createdAt: Timestamp, body: String) {
        self.id = id
        self.sink = sink
        self.createdAt = createdAt
        self.status = .waiting
        self.attempts = 0
        self.nextAttemptAt = createdAt
        self.body = body
    }
}
