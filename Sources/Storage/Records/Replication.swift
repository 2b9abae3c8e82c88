package import SecretModel

/// How a secret stands to the copies of itself in other regions (`aws-service.md` §6).
package enum Replication: Hashable, Sendable {
    /// It has none and is none.
    case none
    /// It is kept in step with by these; never empty.
    case primary([ReplicaRecord])
    /// It follows the secret of the same name and suffix in that region, and nobody else may change it.
    case replica(of: RegionName)

    package var replicas: [ReplicaRecord] {
        guard case .primary(let replicas) = self else { return [] }
        return replicas
    }

    package var isReplica: Bool {
        guard case .replica = self else { return false }
        return true
    }

    /// The state of a primary with so many replicas left.
    package init(replicas: [ReplicaRecord]) {
        self = replicas.isEmpty ? .none : .primary(replicas)
    }
}

extension SecretRecord {
    /// The region that changes are made in; `nil` for a secret without replicas (`aws-api.md` §6.6).
    package var primaryRegion: RegionName? {
        switch self.replication {
        case .none: nil
        case .primary: self.arn.scope.region
        case .replica(let primary): primary
        }
    }
}

/// What a primary knows of one of its replicas. The copy itself is a secret of its own in that region, unless the status says that
/// there is none.
package struct ReplicaRecord: Hashable, Sendable, Codable {
    package let region: RegionName
    /// As the caller asked for; `nil`: the default key of that region.
    package var kmsKeyID: String?
    package var status: Status

    package enum Status: Hashable, Sendable, Codable {
        case inSync
        /// The sentence says why; nothing in that region was changed.
        case failed(String)
    }

    package init(region: RegionName, kmsKeyID: String?, status: Status) {
        self.region = region
        self.kmsKeyID = kmsKeyID
        self.status = status
    }
}

extension SecretARN {
    /// The ARN of the copy in another region: the same name and suffix.
    package func inRegion(_ region: RegionName) -> SecretARN {
        SecretARN(self, in: SecretScope(account: self.scope.account, region: region))
    }
}
