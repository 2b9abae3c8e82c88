package import RotationModel
package import SecretModel

/// A rules file: which secrets exist, and how they rotate. Applying it never rotates as a side effect (I5).
package struct RulesFile: Hashable, Sendable {
    /// Names the set, so that its secrets can be told from others; by default the file's name without extension.
    package let ruleset: String
    package let secrets: [SecretRule]
}

/// What a rules file says of one secret.
package struct SecretRule: Hashable, Sendable {
    package let name: SecretName
    /// Where the rule stands, for messages.
    package let line: Int
    package let description: String?
    /// `nil` leaves tags alone.
    package let tags: [String: String]?
    /// Members of the value's JSON for a secret that does not exist yet.
    package let template: JSONValue?
    package let password: PasswordPolicy?
    package let rotation: RotationRule?
}

/// How a secret rotates.
package struct RotationRule: Hashable, Sendable {
    package let rotator: RotatorName
    package let rules: RotationRules
    package let admin: SecretName?
    /// Settings of the rotator by name.
    package let options: [String: String]
}
