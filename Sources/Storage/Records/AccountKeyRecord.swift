package import Encryption
package import SecretModel

/// A KMS key of an account and region, without its material.
package struct AccountKeyRecord: Hashable, Sendable {
    /// Who may change it.
    package enum Manager: String, Hashable, Sendable {
        case customer = "CUSTOMER"
        /// The default key of the secrets of an account and region: nobody can disable or delete it.
        case aws = "AWS"
    }

    /// As KMS calls them.
    package enum State: String, Hashable, Sendable, CaseIterable {
        case enabled = "Enabled"
        case disabled = "Disabled"
        case pendingDeletion = "PendingDeletion"
    }

    /// Automatic rotation of the material.
    package struct Rotation: Hashable, Sendable {
        /// Days from one rotation to the next.
        package var period: Int
        package var nextAt: Timestamp

        package init(period: Int, nextAt: Timestamp) {
            self.period = period
            self.nextAt = nextAt
        }
    }

    package let id: KeyID
    package let scope: SecretScope
    package let manager: Manager
    package let createdAt: Timestamp
    package var description: String
    package var state: State
    /// When the key goes for good; only while its deletion is pending.
    package var deletionAt: Timestamp?
    /// The key policy as it was put.
    package var policy: String
    package var tags: [Tag]
    /// `nil`: off.
    package var rotation: Rotation?
    /// The newest generation of its material, from 1.
    package var generation: Int

    package init(id: KeyID, scope: SecretScope, manager: Manager, description: String, policy: String, tags: [Tag], createdAt: Timestamp) {
        self.id = id
        self.scope = scope
        self.manager = manager
        self.createdAt = createdAt
        self.description = description
        self.state = .enabled
        self.policy = policy
        self.tags = tags
        self.generation = 1
    }

    /// `arn:aws:kms:<region>:<account>:key/<id>`.
    package var arn: String { Self.arn(of: self.id, in: self.scope) }

    package static func arn(of id: KeyID, in scope: SecretScope) -> String {
        "arn:aws:kms:\(scope.region):\(scope.account):key/\(id)"
    }
}

/// One generation of a key's material, wrapped by the root key. It is never changed, and goes with its key only.
package struct KeyMaterialRecord: Hashable, Sendable {
    /// What made it.
    package enum Origin: String, Hashable, Sendable {
        case creation = "CREATION"
        case automatic = "AUTOMATIC"
        case onDemand = "ON_DEMAND"
    }

    package let material: KeyMaterial
    package let createdAt: Timestamp
    package let origin: Origin

    package init(material: KeyMaterial, createdAt: Timestamp, origin: Origin) {
        self.material = material
        self.createdAt = createdAt
        self.origin = origin
    }
}

/// A name for a key, unique in its account and region.
package struct KeyAliasRecord: Hashable, Sendable {
    /// `alias/…`.
    package let name: String
    package let scope: SecretScope
    package var key: KeyID
    package let createdAt: Timestamp
    package var changedAt: Timestamp

    package init(name: String, scope: SecretScope, key: KeyID, createdAt: Timestamp) {
        self.name = name
        self.scope = scope
        self.key = key
        self.createdAt = createdAt
        self.changedAt = createdAt
    }

    /// `arn:aws:kms:<region>:<account>:alias/…`.
    package var arn: String { "arn:aws:kms:\(self.scope.region):\(self.scope.account):\(self.name)" }
}
