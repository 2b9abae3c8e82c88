extension Schema {
    /// Secrets, versions, runs, alerts, audit and keys.
    static func version1(_ dialect: SQLDialect) -> [String] {
        Self.secretTables(dialect) + Self.runTables(dialect) + Self.recordTables(dialect) + Self.keyTables(dialect)
    }

    /// `sequence` keeps the order of creation where clocks are too coarse or jump. Foreign keys wait for the commit, so that a
    /// transaction may write its rows in any order.
    private static func secretTables(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE secrets (
                arn TEXT PRIMARY KEY, account_id TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                sequence \(integer) NOT NULL, revision \(integer) NOT NULL,
                description TEXT, kms_key TEXT, tags TEXT, resource_policy TEXT,
                created_at \(integer) NOT NULL, changed_at \(integer) NOT NULL, accessed_day \(integer),
                deleted_at \(integer), purge_at \(integer),
                has_rotation \(integer) NOT NULL, rotation_enabled \(integer) NOT NULL, rotator TEXT, lambda_arn TEXT,
                rules TEXT, settings TEXT, admin TEXT, last_rotated_at \(integer),
                window_start \(integer), window_end \(integer), due_at \(integer), max_age_deadline \(integer),
                consecutive_failures \(integer) NOT NULL, target TEXT, account TEXT, ruleset TEXT, stagger_group TEXT,
                UNIQUE (account_id, region, name)
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX secrets_in_order ON secrets (account_id, region, sequence)",
            "CREATE INDEX secrets_due ON secrets (due_at) WHERE rotation_enabled = 1 AND deleted_at IS NULL",
            "CREATE INDEX secrets_by_window ON secrets (window_end) WHERE rotation_enabled = 1 AND deleted_at IS NULL",
            "CREATE UNIQUE INDEX secrets_owner ON secrets (target, account) WHERE rotation_enabled = 1 AND deleted_at IS NULL",
            "CREATE INDEX secrets_by_group ON secrets (account_id, region, stagger_group) WHERE stagger_group IS NOT NULL",
            "CREATE INDEX secrets_by_admin ON secrets (admin) WHERE admin IS NOT NULL",
            """
            CREATE TABLE versions (
                secret TEXT NOT NULL REFERENCES secrets (arn) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
                id TEXT NOT NULL, sequence \(integer) NOT NULL, created_at \(integer) NOT NULL, accessed_day \(integer),
                \(Self.sealedColumns("value", dialect)),
                PRIMARY KEY (secret, id)
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX versions_in_order ON versions (secret, sequence)",
            """
            CREATE TABLE labels (
                secret TEXT NOT NULL REFERENCES secrets (arn) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
                label TEXT NOT NULL, version TEXT NOT NULL, ordinal \(integer) NOT NULL,
                PRIMARY KEY (secret, label),
                FOREIGN KEY (secret, version) REFERENCES versions (secret, id) DEFERRABLE INITIALLY DEFERRED
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX labels_by_version ON labels (secret, version)",
        ]
    }

    /// `is_unfinished` and `is_live` follow from `state`; they are columns because indexes need them. The lease's term outlives the lease.
    private static func runTables(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE runs (
                secret TEXT NOT NULL REFERENCES secrets (arn) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
                token TEXT NOT NULL, sequence \(integer) NOT NULL,
                run_trigger TEXT NOT NULL, rotator TEXT NOT NULL, strategy TEXT NOT NULL,
                state TEXT NOT NULL, is_unfinished \(integer) NOT NULL, is_live \(integer) NOT NULL,
                step TEXT NOT NULL, attempt \(integer) NOT NULL, is_target_touched \(integer) NOT NULL, regenerations \(integer) NOT NULL,
                started_at \(integer) NOT NULL, updated_at \(integer) NOT NULL, finished_at \(integer), next_attempt_at \(integer),
                window_start \(integer), window_end \(integer), failed_step TEXT, failure TEXT, candidates TEXT NOT NULL,
                has_drift \(integer) NOT NULL, account TEXT, login_gap \(integer), replaced TEXT,
                \(Self.sealedColumns("state_value", dialect)),
                target TEXT NOT NULL, lease_owner TEXT, lease_term \(integer) NOT NULL, lease_expires \(integer),
                PRIMARY KEY (secret, token)
            ) \(dialect.tableOptions)
            """,
            "CREATE UNIQUE INDEX runs_unfinished ON runs (secret) WHERE is_unfinished = 1",
            "CREATE INDEX runs_in_order ON runs (secret, sequence)",
            "CREATE INDEX runs_by_attempt ON runs (next_attempt_at) WHERE is_live = 1",
            "CREATE INDEX runs_leased ON runs (target) WHERE lease_owner IS NOT NULL",
            """
            CREATE TABLE steps (
                secret TEXT NOT NULL, token TEXT NOT NULL, sequence \(integer) NOT NULL,
                name TEXT NOT NULL, attempt \(integer) NOT NULL, started_at \(integer) NOT NULL, finished_at \(integer) NOT NULL,
                failure TEXT, message TEXT,
                PRIMARY KEY (secret, token, sequence),
                FOREIGN KEY (secret, token) REFERENCES runs (secret, token) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
            ) \(dialect.tableOptions)
            """,
        ]
    }

    /// Alerts and audit outlive the secret that they speak of, so nothing refers to it.
    private static func recordTables(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE alerts (
                fingerprint TEXT PRIMARY KEY, name TEXT NOT NULL, secret TEXT, severity TEXT NOT NULL,
                starts_at \(integer) NOT NULL, ends_at \(integer), updated_at \(integer) NOT NULL,
                error_code TEXT, attempts \(integer) NOT NULL, data TEXT NOT NULL
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX alerts_by_start ON alerts (starts_at)",
            "CREATE INDEX alerts_firing ON alerts (secret) WHERE ends_at IS NULL",
            """
            CREATE TABLE outbox (
                id TEXT PRIMARY KEY, sequence \(integer) NOT NULL, sink TEXT NOT NULL, created_at \(integer) NOT NULL,
                status TEXT NOT NULL, attempts \(integer) NOT NULL, next_attempt_at \(integer) NOT NULL, last_error TEXT, body TEXT NOT NULL
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX outbox_in_order ON outbox (sequence)",
            "CREATE INDEX outbox_by_status ON outbox (status, sequence)",
            "CREATE INDEX outbox_waiting ON outbox (next_attempt_at) WHERE status = 'waiting'",
            """
            CREATE TABLE audit (
                id TEXT PRIMARY KEY, sequence \(integer) NOT NULL, recorded_at \(integer) NOT NULL,
                account_id TEXT NOT NULL, region TEXT NOT NULL, actor TEXT NOT NULL, event TEXT NOT NULL, secret TEXT,
                request_id TEXT NOT NULL, error_code TEXT, details TEXT
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX audit_in_order ON audit (sequence)",
            "CREATE INDEX audit_by_secret ON audit (secret, sequence)",
        ]
    }

    private static func keyTables(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE access_keys (
                id TEXT PRIMARY KEY, account_id TEXT NOT NULL, user_name TEXT NOT NULL, created_at \(integer) NOT NULL,
                is_active \(integer) NOT NULL, \(Self.sealedColumns("secret", dialect))
            ) \(dialect.tableOptions)
            """,
            """
            CREATE TABLE kms_keys (
                id TEXT PRIMARY KEY, wrapped \(dialect.bytes) NOT NULL, created_at \(integer) NOT NULL, is_default \(integer) NOT NULL
            ) \(dialect.tableOptions)
            """,
            "CREATE UNIQUE INDEX kms_keys_default ON kms_keys (is_default) WHERE is_default = 1",
            "CREATE TABLE facts (name TEXT PRIMARY KEY, value \(dialect.bytes) NOT NULL) \(dialect.tableOptions)",
        ]
    }

    /// A sealed value in columns of its own: key and wrapped data key are found and rewrapped without the ciphertext.
    private static func sealedColumns(_ prefix: String, _ dialect: SQLDialect) -> String {
        """
        \(prefix)_format \(dialect.integer), \(prefix)_key TEXT, \(prefix)_data_key \(dialect.bytes), \(prefix)_ciphertext \(dialect.bytes)
        """
    }
}
