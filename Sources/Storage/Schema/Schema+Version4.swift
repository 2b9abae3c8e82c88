extension Schema {
    /// KMS keys per account and region with their material and aliases. (`kms_keys` of the first version is the store's own key.)
    ///
    /// `generation` is the newest one of the key's material: what is encrypted from now on is encrypted under it.
    static func version4(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE account_keys (
                id TEXT PRIMARY KEY, account_id TEXT NOT NULL, region TEXT NOT NULL, manager TEXT NOT NULL,
                created_at \(integer) NOT NULL, description TEXT NOT NULL, state TEXT NOT NULL, deletion_at \(integer),
                policy TEXT NOT NULL, tags TEXT NOT NULL, rotation_period \(integer), next_rotation_at \(integer), generation \(integer) NOT NULL
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX account_keys_in_order ON account_keys (account_id, region, id)",
            "CREATE INDEX account_keys_to_delete ON account_keys (deletion_at) WHERE deletion_at IS NOT NULL",
            "CREATE INDEX account_keys_to_rotate ON account_keys (next_rotation_at) WHERE next_rotation_at IS NOT NULL",
            """
            CREATE TABLE key_materials (
                key_id TEXT NOT NULL REFERENCES account_keys (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
                generation \(integer) NOT NULL, wrapped \(dialect.bytes) NOT NULL, created_at \(integer) NOT NULL, origin TEXT NOT NULL,
                PRIMARY KEY (key_id, generation)
            ) \(dialect.tableOptions)
            """,
            """
            CREATE TABLE key_aliases (
                account_id TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                key_id TEXT NOT NULL REFERENCES account_keys (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
                created_at \(integer) NOT NULL, changed_at \(integer) NOT NULL,
                PRIMARY KEY (account_id, region, name)
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX key_aliases_by_key ON key_aliases (key_id, name)",
        ]
    }
}
