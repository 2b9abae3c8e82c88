package import Encryption
package import SecretModel

extension ReadableStore {
    /// The KMS key of that id, of whatever account and region.
    package func accountKey(_ id: KeyID) throws -> AccountKeyRecord? {
        try self.sql.query("SELECT * FROM account_keys WHERE id = ?", id.description).first.map { try AccountKeyRecord($0) }
    }

    /// The KMS key that an alias names.
    package func accountKey(named alias: String, in scope: SecretScope) throws -> AccountKeyRecord? {
        try self.sql.query(
            """
            SELECT account_keys.* FROM key_aliases JOIN account_keys ON account_keys.id = key_aliases.key_id
            WHERE key_aliases.account_id = ? AND key_aliases.region = ? AND key_aliases.name = ?
            """,
            scope.account.description,
            scope.region.description,
            alias
        ).first.map { try AccountKeyRecord($0) }
    }

    /// The KMS keys of an account and region by id.
    ///
    /// - Parameter start: Begin behind this id.
    package func accountKeys(in scope: SecretScope, after start: KeyID?, limit: Int) throws -> [AccountKeyRecord] {
        try self.sql.query(
            "SELECT * FROM account_keys WHERE account_id = ? AND region = ? AND id > ? ORDER BY id LIMIT ?",
            scope.account.description,
            scope.region.description,
            start?.description ?? "",
            limit
        ).map { try AccountKeyRecord($0) }
    }

    /// The keys of all accounts and regions whose time of deletion has come, with that time.
    package func accountKeysToDelete(at now: Timestamp) throws -> [AccountKeyRecord] {
        try self.sql.query(
            "SELECT * FROM account_keys WHERE deletion_at IS NOT NULL AND deletion_at <= ? ORDER BY deletion_at, id",
            now
        ).map { try AccountKeyRecord($0) }
    }

    /// The keys of all accounts and regions whose time of automatic rotation has come, disabled ones too.
    package func accountKeysToRotate(at now: Timestamp) throws -> [AccountKeyRecord] {
        try self.sql.query(
            "SELECT * FROM account_keys WHERE next_rotation_at IS NOT NULL AND next_rotation_at <= ? ORDER BY next_rotation_at, id",
            now
        ).map { try AccountKeyRecord($0) }
    }

    package func keyMaterial(_ generation: Int, of key: KeyID) throws -> KeyMaterialRecord? {
        try self.sql.query("SELECT * FROM key_materials WHERE key_id = ? AND generation = ?", key.description, generation)
            .first.map { try KeyMaterialRecord($0) }
    }

    /// All generations of a key's material, oldest first.
    package func keyMaterials(of key: KeyID) throws -> [KeyMaterialRecord] {
        try self.sql.query("SELECT * FROM key_materials WHERE key_id = ? ORDER BY generation", key.description)
            .map { try KeyMaterialRecord($0) }
    }
}

extension StoreTransaction {
    /// - Throws: `StoreError.failed` if there is a key of that id.
    package func insert(_ key: AccountKeyRecord) throws {
        try self.sql.insert(into: "account_keys", try key.columns())
    }

    /// - Throws: `StoreError.failed` if there is no such key.
    package func update(_ key: AccountKeyRecord) throws {
        guard try self.sql.update("account_keys", try key.changingColumns(), where: "id = ?", key.id.description) == 1 else {
            throw StoreError.failed("there is no KMS key \(key.id)")
        }
    }

    /// Deletes a key with its material and aliases: what is encrypted under it is lost.
    package func deleteAccountKey(_ id: KeyID) throws {
        try self.sql.execute("DELETE FROM account_keys WHERE id = ?", id.description)
    }

    /// - Throws: `StoreError.failed` if the key has this generation already.
    package func insert(_ material: KeyMaterialRecord) throws {
        try self.sql.insert(into: "key_materials", material.columns)
    }
}
