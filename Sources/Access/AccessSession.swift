package import SecretModel

/// What temporary credentials carry beside whom they stand for.
package struct AccessSession: Hashable, Sendable {
    /// They limit what the identity may, and allow nothing themselves; `nil` for none.
    package let policies: [AttachedPolicy]?
    /// `aws:PrincipalTag/…` beside, and before, the tags of the identity.
    package let tags: [SessionTag]
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp

    package init(policies: [AttachedPolicy]?, tags: [SessionTag] = [], issuedAt: Timestamp, expiresAt: Timestamp) {
        self.policies = policies
        self.tags = tags
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

/// A tag that a session of a role was given.
package struct SessionTag: Hashable, Sendable {
    package let key: String
    package let value: String
    /// The roles that are assumed from the session get it too.
    package let isTransitive: Bool

    package init(key: String, value: String, isTransitive: Bool) {
        self.key = key
        self.value = value
        self.isTransitive = isTransitive
    }
}
