import Access
package import Auditing
package import SecretModel
package import Storage

extension IdentityService {
    /// An identity with what is attached to it; a user with its access keys, whose secrets stay sealed.
    package struct Description: Sendable {
        package let identity: IdentityRecord
        package let policies: [IdentityPolicyRecord]
        package let keys: [AccessKeyRecord]
    }

    /// Makes a user or, with a trust policy, a role. It may do nothing until a policy is attached to it.
    package func create(
        _ id: IdentityID,
        tags: [Tag] = [],
        trustPolicy: String? = nil,
        _ origin: RequestOrigin
    ) async throws(IdentityError) -> IdentityRecord {
        try Self.checkName(id.name)
        for tag in tags where tag.key.utf8.starts(with: "aws:".utf8) { throw .reservedTagKey(tag.key) }
        if let trustPolicy { _ = try Self.parse(trustPolicy, as: .trust) }
        let identity = IdentityRecord(
            id: id,
            uniqueID: self.uniqueID(for: id.kind),
            createdAt: origin.now,
            tags: tags,
            trustPolicy: trustPolicy
        )
        return try await self.change(id.kind == .user ? "CreateUser" : "CreateRole", of: id.arn, origin) { store in
            guard try store.insert(identity) else { throw IdentityError.identityExists(id) }
            return identity
        }
    }

    package func list(_ kind: IdentityID.Kind, in account: AccountID) async throws(IdentityError) -> [Description] {
        try await self.read { store in try store.identities(kind, in: account).map { try Self.description(of: $0, in: store) } }
    }

    package func describe(_ id: IdentityID) async throws(IdentityError) -> Description {
        try await self.read { store in try Self.description(of: try Self.identity(id, in: store), in: store) }
    }

    /// Deletes an identity with its policies and access keys: from now on its requests are refused.
    package func delete(_ id: IdentityID, _ origin: RequestOrigin) async throws(IdentityError) {
        try await self.change(id.kind == .user ? "DeleteUser" : "DeleteRole", of: id.arn, origin) { store in
            _ = try Self.identity(id, in: store)
            try store.delete(id)
        }
    }

    private static func description(of identity: IdentityRecord, in store: StoreReader) throws -> Description {
        Description(
            identity: identity,
            policies: try store.policies(of: identity.id),
            keys: identity.id.kind == .user ? try store.accessKeys(of: identity.id) : []
        )
    }

    static func parse(_ document: String, as kind: PolicyDocument.Kind) throws(IdentityError) -> PolicyDocument {
        do throws(PolicySyntaxError) {
            return try PolicyDocument(parsing: document, as: kind)
        } catch {
            throw .malformedPolicy(error)
        }
    }
}
