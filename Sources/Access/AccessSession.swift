package import SecretModel

/// What temporary credentials carry beside whom they stand for.
package struct AccessSession: Hashable, Sendable {
    /// They limit what the identity may, and allow nothing themselves; `nil` for none.
    package let policies: [AttachedPolicy]?
    /// `aws:PrincipalTag/…` beside, and before, the tags of the identity: name and value.
    package let tags: [String: String]
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp

    package init(policies: [AttachedPolicy]?, tags: [String: String] = [:], issuedAt: Timestamp, expiresAt: Timestamp) {
        self.policies = policies
        self.tags = tags
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}
