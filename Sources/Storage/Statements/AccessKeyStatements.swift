import Encryption
import SecretModel

extension ReadableStore {
    /// The access key of that id, active or not.
    package func accessKey(_ id: String) throws -> AccessKeyRecord? {
        try self.sql.query("SELECT * FROM access_keys WHERE id = ?", id).first.map { try AccessKeyRecord($0) }
    }

    /// All access keys, oldest first.
    package func accessKeys() throws -> [AccessKeyRecord] {
        try self.sql.query("SELECT * FROM access_keys ORDER BY created_at, id").map { try AccessKeyRecord($0) }
    }

    /// The access keys of a user, oldest first.
    package func accessKeys(of user: IdentityID) throws -> [AccessKeyRecord] {
        try self.sql.query(
            "SELECT * FROM access_keys WHERE account_id = ? AND user_name = ? ORDER BY created_at, id",
            user.account.description,
            user.name
        ).map { try AccessKeyRecord($0) }
    }

    /// All KMS keys, still wrapped, oldest first.
    package func keys() throws -> [KeyRecord] {
        try self.sql.query("SELECT * FROM kms_keys ORDER BY created_at, id").map { try KeyRecord($0) }
    }

    /// The root key's check value, and other facts of the installation, by name.
    package func fact(_ name: String) throws -> [UInt8]? {
        try self.sql.query("SELECT value FROM facts WHERE name = ?", name).first?.bytes("value")
    }
}

extension StoreTransaction {
    /// - Throws: `StoreError.failed` if there is a key of that id.
    package func insert(_ key: AccessKeyRecord) throws {
        try self.sql.insert(into: "access_keys", key.columns)
    }

    /// - Throws: `StoreError.failed` if there is no such key.
    package func update(_ key: AccessKeyRecord) throws {
        guard try self.sql.update("access_keys", key.columns, where: "id = ?", key.id) == 1 else {
            throw StoreError.failed("there is no access key \(key.id)")
        }
    }

    package func deleteAccessKey(_ id: String) throws {
        try self.sql.execute("DELETE FROM access_keys WHERE id = ?", id)
    }

    /// - Throws: `StoreError.failed` if the key is the default one and there is a default key already.
    package func insert(_ key: KeyRecord) throws {
        try self.sql.insert(into: "kms_keys", key.columns)
    }

    /// Rewraps a key: after a change of root key.
    ///
    /// - Throws: `StoreError.failed` if there is no such key.
    package func update(_ key: KeyRecord) throws {
        guard try self.sql.update("kms_keys", key.columns, where: "id = ?", key.id.description) == 1 else {
            throw StoreError.failed("there is no key \(key.id)")
        }
    }

    /// Sets or replaces a fact of the installation.
    package func setFact(_ name: String, _ value: [UInt8]) throws {
        try self.sql.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value
        )
    }
}
