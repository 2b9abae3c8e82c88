package import SecretModel

/// A user or a role, by name within its account.
package struct IdentityID: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case user, role
    }

    package let account: AccountID
    package let kind: Kind
    package let name: String

    package init(account: AccountID, kind: Kind, name: String) {
        self.account = account
        self.kind = kind
        self.name = name
    }

    package var arn: String { "arn:aws:iam::\(self.account):\(self.kind.rawValue)/\(self.name)" }
}

/// Somebody who may be allowed something: a user, or a role that others may assume.
package struct IdentityRecord: Hashable, Sendable {
    package let id: IdentityID
    /// `AIDA…` or `AROA…`: tells an identity from a later one of the same name.
    package let uniqueID: String
    package let createdAt: Timestamp
    package var tags: [Tag]
    /// Who may assume a role, as its author wrote it; `nil` for users.
    package var trustPolicy: String?
    /// The name of the managed policy that says the most that the identity may; `nil` for no such limit.
    package var boundary: String?
    /// How long a session of a role may last, in seconds; `nil` for `standardSession`.
    package var longestSession: Int?

    /// AWS's hour: what every role allows.
    package static let standardSession = 3_600

    package init(id: IdentityID, uniqueID: String, createdAt: Timestamp, tags: [Tag] = [], trustPolicy: String? = nil) {
        self.id = id
        self.uniqueID = uniqueID
        self.createdAt = createdAt
        self.tags = tags
        self.trustPolicy = trustPolicy
    }
}

/// A managed policy: attached by name to any number of identities of its account.
package struct PolicyRecord: Hashable, Sendable {
    package let account: AccountID
    package let name: String
    /// As its author wrote it.
    package var document: String
    package let createdAt: Timestamp
    package var changedAt: Timestamp

    package init(account: AccountID, name: String, document: String, createdAt: Timestamp) {
        self.account = account
        self.name = name
        self.document = document
        self.createdAt = createdAt
        self.changedAt = createdAt
    }
}

/// A policy of an identity: a managed one by its name, or one of its own.
package struct IdentityPolicyRecord: Hashable, Sendable {
    package let identity: IdentityID
    package let name: String
    /// The text of an inline policy; `nil`: the managed policy of that name.
    package let document: String?

    package init(identity: IdentityID, name: String, document: String?) {
        self.identity = identity
        self.name = name
        self.document = document
    }
}
