package import Encryption
package import SecretModel

extension ReadableStore {
    package func keyAlias(_ name: String, in scope: SecretScope) throws -> KeyAliasRecord? {
        try self.sql.query(
            "SELECT * FROM key_aliases WHERE account_id = ? AND region = ? AND name = ?",
            scope.account.description,
            scope.region.description,
            name
        ).first.map { try KeyAliasRecord($0) }
    }

    /// The aliases of an account and region by name.
    ///
    /// - Parameters:
    ///   - key: Those of this key only; `nil` for all.
    ///   - start: Begin behind this name.
    package func keyAliases(in scope: SecretScope, of key: KeyID?, after start: String?, limit: Int) throws -> [KeyAliasRecord] {
        let (account, region, start) = (scope.account.description, scope.region.description, start ?? "")
        guard let key else {
            return try self.sql.query(
                "SELECT * FROM key_aliases WHERE account_id = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
                account,
                region,
                start,
                limit
            ).map { try KeyAliasRecord($0) }
        }
        return try self.sql.query(
            "SELECT * FROM key_aliases WHERE key_id = ? AND account_id = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
            key.description,
            account,
            region,
            start,
            limit
        ).map { try KeyAliasRecord($0) }
    }
}

extension StoreTransaction {
    /// - Throws: `StoreError.failed` if the account and region have this alias.
    package func insert(_ alias: KeyAliasRecord) throws {
        try self.sql.insert(into: "key_aliases", alias.columns)
    }

    /// Points an alias to another key.
    ///
    /// - Throws: `StoreError.failed` if there is no such alias.
    package func update(_ alias: KeyAliasRecord) throws {
        let columns = SQLColumnList(["key_id": alias.key.description, "changed_at": alias.changedAt])
        let (account, region) = (alias.scope.account.description, alias.scope.region.description)
        let changed = try self.sql.update(
            "key_aliases",
            columns,
            where: "account_id = ? AND region = ? AND name = ?",
            account,
            region,
            alias.name
        )
        guard changed == 1 else { throw StoreError.failed("there is no alias \(alias.arn)") }
    }

    /// - Returns: Whether there was one.
    package func deleteKeyAlias(_ name: String, in scope: SecretScope) throws -> Bool {
        try self.sql.execute(
            "DELETE FROM key_aliases WHERE account_id = ? AND region = ? AND name = ?",
            scope.account.description,
            scope.region.description,
            name
        ) == 1
    }
}
