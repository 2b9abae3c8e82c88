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
        longestSession: Int? = nil,
        boundary: String? = nil,
        _ origin: RequestOrigin
    ) async throws(IdentityError) -> IdentityRecord {
        try Self.checkName(id.name)
        for tag in tags where tag.key.utf8.starts(with: "aws:".utf8) { throw .reservedTagKey(tag.key) }
        let trust = try trustPolicy.map { text throws(IdentityError) in try Self.parse(text, as: .trust) }
        var identity = IdentityRecord(
            id: id,
            uniqueID: self.uniqueID(for: id.kind),
            createdAt: origin.now,
            tags: tags,
            trustPolicy: trustPolicy
        )
        (identity.longestSession, identity.boundary) = (longestSession, boundary)
        let made = identity
        return try await self.change(id.kind == .user ? "CreateUser" : "CreateRole", of: id.arn, origin) { store in
            if let unknown = try trust?.unknownPrincipal(in: store) { throw IdentityError.unknownPrincipal(unknown) }
            if let boundary { try Self.checkPolicy(boundary, in: id.account, store) }
            guard try store.insert(made) else { throw IdentityError.identityExists(id) }
            return made
        }
    }

    /// Changes who may assume a role, and for how long: sessions that there are go on.
    package func updateRole(
        _ id: IdentityID,
        trustPolicy: String?,
        longestSession: Int?,
        _ origin: RequestOrigin
    ) async throws(IdentityError) {
        let trust = try trustPolicy.map { text throws(IdentityError) in try Self.parse(text, as: .trust) }
        try await self.change("UpdateRole", of: id.arn, origin) { store in
            var role = try Self.identity(id, in: store)
            if let unknown = try trust?.unknownPrincipal(in: store) { throw IdentityError.unknownPrincipal(unknown) }
            role.trustPolicy = trustPolicy ?? role.trustPolicy
            role.longestSession = longestSession ?? role.longestSession
            try store.update(role)
        }
    }

    /// Sets the most that an identity may, whatever its policies say; `nil` takes that limit away.
    package func setBoundary(_ policy: String?, of id: IdentityID, _ origin: RequestOrigin) async throws(IdentityError) {
        let event = policy == nil ? "DeletePermissionsBoundary" : "PutPermissionsBoundary"
        try await self.change(event, of: id.arn, origin) { store in
            var identity = try Self.identity(id, in: store)
            if let policy {
                try Self.checkPolicy(policy, in: id.account, store)
            } else if identity.boundary == nil {
                throw IdentityError.noBoundary(id)
            }
            identity.boundary = policy
            try store.update(identity)
        }
    }

    package func list(_ kind: IdentityID.Kind, in account: AccountID) async throws(IdentityError) -> [Description] {
        try await self.read { store in try store.identities(kind, in: account).map { try Self.description(of: $0, in: store) } }
    }

    package func describe(_ id: IdentityID) async throws(IdentityError) -> Description {
        try await self.read { store in try Self.description(of: try Self.identity(id, in: store), in: store) }
    }

    /// Ends all sessions of a role that there are, as IAM's console does it: by a policy of the role's own that denies everything to those
    /// issued until now. Session times are in whole seconds: one that begins within the same second is ended too.
    package func revokeSessions(of role: IdentityID, _ origin: RequestOrigin) async throws(IdentityError) {
        let policy: JSONValue = [
            "Version": "2012-10-17",
            "Statement": [
                [
                    "Effect": "Deny", "Action": "*", "Resource": "*",
                    "Condition": ["DateLessThan": ["aws:TokenIssueTime": .string((origin.now + .seconds(1)).rfc3339)]],
                ]
            ],
        ]
        try await self.change("RevokeSessions", of: role.arn, origin) { store in
            _ = try Self.identity(role, in: store)
            try store.attach(IdentityPolicyRecord(identity: role, name: Self.revocation, document: policy.text))
        }
    }

    /// Deletes an identity with its policies and access keys: from now on its requests are refused.
    ///
    /// Where the policy of a secret, of a key or of a role names it, its unique id stands instead: a later identity of the same name
    /// inherits nothing.
    package func delete(_ id: IdentityID, _ origin: RequestOrigin) async throws(IdentityError) {
        try await self.change(id.kind == .user ? "DeleteUser" : "DeleteRole", of: id.arn, origin) { store in
            let identity = try Self.identity(id, in: store)
            try store.delete(id)
            let changed = try store.changePolicies(mentioning: id.name) { text in
                PolicyPrincipals.text(text) { IdentityID(policyARN: $0) == id ? identity.uniqueID : nil }
            }
            for place in changed { try self.auditReplacing(identity, in: place, origin, store) }
        }
    }

    private static func description(of identity: IdentityRecord, in store: StoreReader) throws -> Description {
        Description(
            identity: identity,
            policies: try store.policies(of: identity.id),
            keys: identity.id.kind == .user ? try store.accessKeys(of: identity.id) : []
        )
    }

    private static func checkPolicy(_ name: String, in account: AccountID, _ store: StoreTransaction) throws {
        guard try ManagedPolicy(rawValue: name) != nil || store.policy(name, in: account) != nil else {
            throw IdentityError.noSuchPolicy(name, account)
        }
    }

    static func parse(_ document: String, as kind: PolicyDocument.Kind) throws(IdentityError) -> PolicyDocument {
        do throws(PolicySyntaxError) {
            return try PolicyDocument(parsing: document, as: kind)
        } catch {
            throw .malformedPolicy(error)
        }
    }
}
