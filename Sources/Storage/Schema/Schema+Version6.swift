extension Schema {
    /// Users, roles and their policies. Until now a user was a name on access keys, and the one called `admin` was allowed everything.
    static func version6(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE identities (
                account_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, unique_id TEXT NOT NULL,
                created_at \(integer) NOT NULL, tags TEXT NOT NULL, trust_policy TEXT,
                PRIMARY KEY (account_id, kind, name)
            ) \(dialect.tableOptions)
            """,
            """
            CREATE TABLE policies (
                account_id TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
                created_at \(integer) NOT NULL, changed_at \(integer) NOT NULL,
                PRIMARY KEY (account_id, name)
            ) \(dialect.tableOptions)
            """,
            """
            CREATE TABLE identity_policies (
                account_id TEXT NOT NULL, kind TEXT NOT NULL, identity TEXT NOT NULL, policy TEXT NOT NULL,
                sequence \(integer) NOT NULL, document TEXT,
                PRIMARY KEY (account_id, kind, identity, policy),
                FOREIGN KEY (account_id, kind, identity) REFERENCES identities (account_id, kind, name)
                    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX identity_policies_by_policy ON identity_policies (account_id, policy)",
            "CREATE INDEX access_keys_by_user ON access_keys (account_id, user_name)",
            """
            INSERT INTO identities (account_id, kind, name, unique_id, created_at, tags)
                SELECT account_id, 'user', user_name, 'AIDA' || SUBSTR(MIN(id), 5), MIN(created_at), '[]'
                FROM access_keys GROUP BY account_id, user_name
            """,
            """
            INSERT INTO identity_policies (account_id, kind, identity, policy, sequence)
                SELECT DISTINCT account_id, 'user', user_name, 'AdministratorAccess', 1 FROM access_keys WHERE user_name = 'admin'
            """,
        ]
    }
}
