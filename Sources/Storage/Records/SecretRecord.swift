package import Encryption
package import RotationModel
package import SecretModel

/// One secret, its labels and its rotation settings. Saved under an optimistic `revision`.
package struct SecretRecord: Hashable, Sendable {
    package let arn: SecretARN
    package var revision: Int64
    package var description: String?
    /// `nil`: the default key.
    package var kmsKeyID: String?
    /// `Type`, as the caller gave it: AWS's word for what partner's credential it is.
    package var type: String?
    /// `nil` if the secret never had a tag; empty after the last one was removed.
    package var tags: [Tag]?
    package var labels: VersionLabels
    package var resourcePolicy: String?
    package var rotation: RotationRecord?
    package var replication: Replication
    package let createdAt: Timestamp
    package var changedAt: Timestamp
    /// Start of the UTC day of the last read.
    package var accessedDay: Timestamp?
    /// When deletion was asked for.
    package var deletedAt: Timestamp?
    /// When the secret may really go.
    package var purgeAt: Timestamp?

    package init(arn: SecretARN, createdAt: Timestamp) {
        self.arn = arn
        self.revision = 0
        self.labels = VersionLabels()
        self.replication = .none
        self.createdAt = createdAt
        self.changedAt = createdAt
    }
}

/// The rotation settings and dates of a secret.
package struct RotationRecord: Hashable, Sendable {
    package var isEnabled: Bool
    package var rotator: RotatorName
    /// `RotationLambdaARN` as the caller sent it.
    package var lambdaARN: String
    /// `nil`: rotates only when asked.
    package var rules: RotationRules?
    package var settings: RotatorSettingsData
    /// The secret of the account that may change the other account, named by the rules or by the secret's own `masterarn`.
    package var admin: SecretARN?
    package var lastRotatedAt: Timestamp?
    /// The next window: a stored fact (I5).
    package var nextWindow: RotationWindow?
    /// When inside (or, for retries at stake, beyond) the window the scheduler starts the run; indexed.
    package var dueAt: Timestamp?
    /// When the credential reaches its greatest age.
    package var maxAgeDeadline: Timestamp?
    package var consecutiveFailures: Int
    /// Engine, host and port, and account without alternation suffix: unique among secrets with rotation enabled (I7).
    package var target: String?
    package var account: String?
    /// Name of the rules file's set that manages this secret.
    package var ruleset: String?

    package init(rotator: RotatorName, lambdaARN: String) {
        self.isEnabled = true
        self.rotator = rotator
        self.lambdaARN = lambdaARN
        self.settings = RotatorSettingsData()
        self.consecutiveFailures = 0
    }
}

/// What the rules say to the rotator; the store keeps it as it is.
package struct RotatorSettingsData: Hashable, Sendable, Codable {
    package var password: PasswordPolicy?
    package var options: [String: String]

    package init(password: PasswordPolicy? = nil, options: [String: String] = [:]) {
        self.password = password
        self.options = options
    }
}

/// One immutable value of a secret; `value` is `nil` only for the version that a run has registered and not filled yet.
package struct VersionRecord: Hashable, Sendable {
    package let secret: SecretARN
    package let id: VersionID
    package var value: SealedValue?
    package let createdAt: Timestamp
    package var accessedDay: Timestamp?

    package init(secret: SecretARN, id: VersionID, value: SealedValue?, createdAt: Timestamp) {
        self.secret = secret
        self.id = id
        self.value = value
        self.createdAt = createdAt
    }
}
