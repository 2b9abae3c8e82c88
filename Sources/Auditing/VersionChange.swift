package import SecretModel
package import Storage

/// What happens to the versions of a secret because something else happened (`aws-service.md` §1.11).
package enum VersionChange: Sendable {
    /// The secret is to be deleted.
    case deletionStarted
    /// The secret is gone for good.
    case deletionEnded
    /// Started and ended at once: the secret is deleted without a recovery window, or has too many versions.
    case deleted
    /// The secret was restored.
    case deletionCancelled

    private var names: [String] {
        switch self {
        case .deletionStarted: ["StartSecretVersionDelete"]
        case .deletionEnded: ["EndSecretVersionDelete"]
        case .deleted: ["StartSecretVersionDelete", "EndSecretVersionDelete"]
        case .deletionCancelled: ["CancelSecretVersionDelete"]
        }
    }

    /// One event, or the pair, for each version.
    package func events(
        of versions: [VersionID],
        of secret: SecretARN,
        requestID: String,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> [AuditEvent] {
        versions.flatMap { version in
            self.names.map { name in
                AuditEvent.service(
                    name,
                    of: secret,
                    requestID: requestID,
                    [.init("SecretVersionId", .string(version.description))],
                    at: now,
                    using: &generator
                )
            }
        }
    }
}
