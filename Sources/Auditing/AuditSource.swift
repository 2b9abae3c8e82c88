/// Where events come from: CloudTrail's `eventSource`.
package enum AuditSource {
    package static let secretsManager = "secretsmanager.amazonaws.com"
    package static let kms = "kms.amazonaws.com"
    /// Keyturn's own operations.
    package static let keyturn = "keyturn"

    /// - Parameter service: The part of an operation's target before the dot: `secretsmanager`.
    package static func of(service: String) -> String { service == Self.keyturn ? Self.keyturn : "\(service).amazonaws.com" }

    private static let resourceTypes = [
        Self.secretsManager: "AWS::SecretsManager::Secret", Self.kms: "AWS::KMS::Key",
    ]

    /// The type of the resources that a source's events are about, as CloudTrail names it.
    package static func resourceType(of source: String) -> String? {
        self.resourceTypes[source == self.keyturn ? self.secretsManager : source]
    }

    package static func source(ofResourceType type: String) -> String? { self.resourceTypes.first { $0.value == type }?.key }
}
