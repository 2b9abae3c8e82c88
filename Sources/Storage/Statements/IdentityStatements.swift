package import SecretModel

extension ReadableStore {
    package func identity(_ id: IdentityID) throws -> IdentityRecord? {
        try self.sql.query("SELECT * FROM identities WHERE \(Self.named)", id.account.description, id.kind.rawValue, id.name)
            .first.map { try IdentityRecord($0) }
    }

    /// The users or the roles of an account, by name.
    package func identities(_ kind: IdentityID.Kind, in account: AccountID) throws -> [IdentityRecord] {
        try self.sql.query("SELECT * FROM identities WHERE account_id = ? AND kind = ? ORDER BY name", account.description, kind.rawValue)
            .map { try IdentityRecord($0) }
    }

    package func policy(_ name: String, in account: AccountID) throws -> PolicyRecord? {
        try self.sql.query("SELECT * FROM policies WHERE account_id = ? AND name = ?", account.description, name)
            .first.map { try PolicyRecord($0) }
    }

    /// The managed policies of an account, by name.
    package func policies(in account: AccountID) throws -> [PolicyRecord] {
        try self.sql.query("SELECT * FROM policies WHERE account_id = ? ORDER BY name", account.description).map { try PolicyRecord($0) }
    }

    /// The policies of an identity in the order in which they were attached.
    package func policies(of id: IdentityID) throws -> [IdentityPolicyRecord] {
        try self.sql.query(
            "SELECT * FROM identity_policies WHERE \(Self.owned) ORDER BY sequence",
            id.account.description,
            id.kind.rawValue,
            id.name
        ).map { try IdentityPolicyRecord($0) }
    }

    /// Where a managed policy is attached, by name, or is the boundary.
    package func holders(ofPolicy name: String, in account: AccountID) throws -> [IdentityID] {
        try self.sql.query(
            """
            SELECT account_id, kind, identity FROM identity_policies WHERE account_id = ? AND policy = ? AND document IS NULL
            UNION SELECT account_id, kind, name FROM identities WHERE account_id = ? AND boundary = ?
            ORDER BY kind, identity
            """,
            account.description,
            name,
            account.description,
            name
        ).map { try IdentityID($0, name: "identity") }
    }

    /// The active access keys of the users of an account that hold a managed policy and have no boundary, oldest first.
    package func activeKeys(ofHoldersOf policy: String, in account: AccountID) throws -> [AccessKeyRecord] {
        try self.sql.query(
            """
            SELECT k.* FROM access_keys k
            JOIN identity_policies p ON p.account_id = k.account_id AND p.kind = 'user' AND p.identity = k.user_name
            JOIN identities i ON i.account_id = p.account_id AND i.kind = p.kind AND i.name = p.identity
            WHERE p.account_id = ? AND p.policy = ? AND p.document IS NULL AND k.is_active = 1 AND i.boundary IS NULL
            ORDER BY k.created_at, k.id
            """,
            account.description,
            policy
        ).map { try AccessKeyRecord($0) }
    }

    fileprivate static var named: String { "account_id = ? AND kind = ? AND name = ?" }
    fileprivate static var owned: String { "account_id = ? AND kind = ? AND identity = ?" }
}

extension StoreTransaction {
    /// - Returns: Whether it was made; `false` if there is one of that name.
    package func insert(_ identity: IdentityRecord) throws -> Bool {
        try self.sql.insert(into: "identities", try identity.columns(), conflict: "ON CONFLICT (account_id, kind, name) DO NOTHING") == 1
    }

    /// - Throws: `StoreError.failed` if there is no such identity.
    package func update(_ identity: IdentityRecord) throws {
        let id = identity.id
        let columns = try identity.columns()
        guard try self.sql.update("identities", columns, where: Self.named, id.account.description, id.kind.rawValue, id.name) == 1 else {
            throw StoreError.failed("there is no \(id.kind.rawValue) \(id.name)")
        }
    }

    /// Deletes an identity with what is attached to it, and the access keys of a user.
    package func delete(_ id: IdentityID) throws {
        try self.sql.execute("DELETE FROM identities WHERE \(Self.named)", id.account.description, id.kind.rawValue, id.name)
        guard id.kind == .user else { return }
        try self.sql.execute("DELETE FROM access_keys WHERE account_id = ? AND user_name = ?", id.account.description, id.name)
    }

    /// - Returns: Whether it was made; `false` if there is one of that name.
    package func insert(_ policy: PolicyRecord) throws -> Bool {
        try self.sql.insert(into: "policies", policy.columns, conflict: "ON CONFLICT (account_id, name) DO NOTHING") == 1
    }

    /// - Throws: `StoreError.failed` if there is no such policy.
    package func update(_ policy: PolicyRecord) throws {
        let condition = "account_id = ? AND name = ?"
        guard try self.sql.update("policies", policy.columns, where: condition, policy.account.description, policy.name) == 1 else {
            throw StoreError.failed("there is no policy \(policy.name)")
        }
    }

    package func deletePolicy(_ name: String, in account: AccountID) throws {
        try self.sql.execute("DELETE FROM policies WHERE account_id = ? AND name = ?", account.description, name)
    }

    /// Attaches a policy, in the place of another of that name.
    package func attach(_ policy: IdentityPolicyRecord) throws {
        let id = policy.identity
        try self.detach(policy.name, from: id)
        let last = try self.sql.query(
            "SELECT COALESCE(MAX(sequence), 0) AS last FROM identity_policies WHERE \(Self.owned)",
            id.account.description,
            id.kind.rawValue,
            id.name
        ).first?.integer("last")
        var columns = id.columns(name: "identity")
        columns.append(["policy": policy.name, "sequence": (last ?? 0) + 1, "document": policy.document])
        try self.sql.insert(into: "identity_policies", columns)
    }

    /// - Returns: Whether it was attached.
    @discardableResult
    package func detach(_ policy: String, from id: IdentityID) throws -> Bool {
        try self.sql.execute(
            "DELETE FROM identity_policies WHERE \(Self.owned) AND policy = ?",
            id.account.description,
            id.kind.rawValue,
            id.name,
            policy
        ) == 1
    }
}
