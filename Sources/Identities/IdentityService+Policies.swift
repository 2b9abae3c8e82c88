import Access
package import Auditing
package import SecretModel
package import Storage

extension IdentityService {
    /// A managed policy, and who has it.
    package struct PolicyDescription: Sendable {
        package let name: String
        package let document: String
        package let isPredefined: Bool
        package let holders: [IdentityID]
    }

    /// Makes a managed policy.
    package func createPolicy(_ name: String, in account: AccountID, _ document: String, _ origin: RequestOrigin)
        async throws(IdentityError)
    {
        try Self.checkName(name, limit: 128)
        guard ManagedPolicy(rawValue: name) == nil, name != Self.revocation else { throw .policyExists(name) }
        _ = try Self.parse(document, as: .identity)
        try await self.change("CreatePolicy", of: Self.arn(name, account), origin) { store in
            let policy = PolicyRecord(account: account, name: name, document: document, createdAt: origin.now)
            guard try store.insert(policy) else { throw IdentityError.policyExists(name) }
        }
    }

    /// Replaces the text of a managed policy, for all who have it.
    package func updatePolicy(_ name: String, in account: AccountID, _ document: String, _ origin: RequestOrigin)
        async throws(IdentityError)
    {
        guard ManagedPolicy(rawValue: name) == nil else { throw .predefinedPolicy(name) }
        _ = try Self.parse(document, as: .identity)
        try await self.change("UpdatePolicy", of: Self.arn(name, account), origin) { store in
            guard var policy = try store.policy(name, in: account) else { throw IdentityError.noSuchPolicy(name, account) }
            policy.document = document
            policy.changedAt = origin.now
            try store.update(policy)
        }
    }

    /// Those that come with Keyturn first, then those of the account by name.
    package func policies(in account: AccountID) async throws(IdentityError) -> [PolicyDescription] {
        try await self.read { store in
            let names = ManagedPolicy.allCases.map(\.rawValue) + (try store.policies(in: account).map(\.name))
            return try names.map { try Self.description(of: $0, in: account, store) }
        }
    }

    package func policy(_ name: String, in account: AccountID) async throws(IdentityError) -> PolicyDescription {
        try await self.read { store in try Self.description(of: name, in: account, store) }
    }

    /// - Throws: `policyInUse` while somebody has it.
    package func deletePolicy(_ name: String, in account: AccountID, _ origin: RequestOrigin) async throws(IdentityError) {
        guard ManagedPolicy(rawValue: name) == nil else { throw .predefinedPolicy(name) }
        try await self.change("DeletePolicy", of: Self.arn(name, account), origin) { store in
            guard try store.policy(name, in: account) != nil else { throw IdentityError.noSuchPolicy(name, account) }
            let holders = try store.holders(ofPolicy: name, in: account)
            guard holders.isEmpty else { throw IdentityError.policyInUse(name, by: holders) }
            try store.deletePolicy(name, in: account)
        }
    }

    /// Gives an identity a managed policy of its account or, with a document, one of its own.
    package func attach(
        _ name: String,
        document: String? = nil,
        to id: IdentityID,
        _ origin: RequestOrigin
    ) async throws(IdentityError) {
        if let document {
            try Self.checkName(name, limit: 128)
            _ = try Self.parse(document, as: .identity)
        }
        try await self.change("AttachPolicy", of: id.arn, origin) { store in
            _ = try Self.identity(id, in: store)
            let isKnown = try ManagedPolicy(rawValue: name) != nil || store.policy(name, in: id.account) != nil
            // Two policies of one name could not be told apart by who detaches one.
            guard document == nil || !isKnown else { throw IdentityError.policyExists(name) }
            guard document != nil || isKnown else { throw IdentityError.noSuchPolicy(name, id.account) }
            try store.attach(IdentityPolicyRecord(identity: id, name: name, document: document))
        }
    }

    /// Takes a policy from an identity; one of its own is gone with that.
    package func detach(_ name: String, from id: IdentityID, _ origin: RequestOrigin) async throws(IdentityError) {
        try await self.change("DetachPolicy", of: id.arn, origin) { store in
            _ = try Self.identity(id, in: store)
            guard try store.detach(name, from: id) else { throw IdentityError.policyNotAttached(name, to: id) }
        }
    }

    private static func description(of name: String, in account: AccountID, _ store: StoreReader) throws -> PolicyDescription {
        let predefined = ManagedPolicy(rawValue: name)
        guard let document = try predefined?.document ?? store.policy(name, in: account)?.document else {
            throw IdentityError.noSuchPolicy(name, account)
        }
        return PolicyDescription(
            name: name,
            document: document,
            isPredefined: predefined != nil,
            holders: try store.holders(ofPolicy: name, in: account)
        )
    }

    private static func arn(_ name: String, _ account: AccountID) -> String { "arn:aws:iam::\(account):policy/\(name)" }
}
