package import SecretModel

/// A region that a secret is to be copied to.
package struct ReplicaRequest: Hashable, Sendable {
    package let region: RegionName
    /// Of that region; `nil`: its default key.
    package let kmsKeyID: String?

    package init(region: RegionName, kmsKeyID: String?) {
        self.region = region
        self.kmsKeyID = kmsKeyID
    }

    /// What holds for the regions of one request by themselves.
    static func check(_ requests: [ReplicaRequest], from primary: RegionName) throws(SecretServiceError) {
        for (index, request) in requests.enumerated() {
            guard request.region != primary else { throw .replicaInOwnRegion }
            guard !requests[..<index].contains(where: { $0.region == request.region }) else {
                throw .duplicateReplicaRegion(request.region)
            }
        }
    }
}

/// One replica, as the owner of the primary is told of it.
package struct ReplicaStatus: Hashable, Sendable {
    package let region: RegionName
    package let kmsKeyID: String?
    package let isInSync: Bool
    /// Why it is not in step, or that it is.
    package let message: String
    /// Start of the UTC day of the last read in that region.
    package let accessedDay: Timestamp?
}
