package import Access
package import Identities
import SecretModel
import Storage

extension SessionTokens {
    /// The credential of a session: the rights are those that its user or its role has now.
    ///
    /// - Returns: `nil` if the token is not this store's, or another key's; if the access key of its user is no longer active; if its role
    ///   is gone.
    /// - Throws: `PolicySyntaxError` for a session policy that an older version took and this one cannot read; what the directory throws.
    package func credential(_ id: String, _ token: String, in directory: IdentityDirectory) async throws -> AccessCredential? {
        guard let session = self.session(token), session.key.id == id else { return nil }
        switch session.holder {
        case .user(let accessKeyID):
            guard let user = try await directory.credential(accessKeyID) else { return nil }
            return session.credential(token, user.principal, user.uniqueID)
        case .role(let role):
            guard try await directory.rights(of: role.principal, role.roleID).uniqueID == role.roleID else { return nil }
            return session.credential(token, role.principal, role.roleID, policies: try await self.policies(of: role, directory), role.tags)
        }
    }

    /// A managed policy that was deleted allows the session nothing any more.
    private func policies(of session: RoleSession, _ directory: IdentityDirectory) async throws -> [AttachedPolicy]? {
        guard session.hasPolicies else { return nil }
        var policies: [AttachedPolicy] = []
        if let policy = session.policy {
            let document = try self.policies.document(policy, as: .identity)
            policies.append(AttachedPolicy(name: "the session's policy", document: document))
        }
        for name in session.policyNames {
            if let managed = try await directory.policy(name, of: session.role.account) { policies.append(managed) }
        }
        return policies
    }
}

extension SessionTokens.Session {
    fileprivate func credential(
        _ token: String,
        _ principal: Principal,
        _ uniqueID: String,
        policies: [AttachedPolicy]? = nil,
        _ tags: [SessionTag] = []
    ) -> AccessCredential {
        AccessCredential(
            accessKeyID: self.key.id,
            secret: self.key.secret,
            principal: principal,
            uniqueID: uniqueID,
            temporary: AccessCredential.Temporary(
                token: SecretValue(string: token),
                session: AccessSession(policies: policies, tags: tags, issuedAt: self.issuedAt, expiresAt: self.expiresAt)
            )
        )
    }
}
