extension Schema {
    /// Indexes for questions that walked through all secrets or all live runs: which secrets are to be purged; who belongs to a stagger
    /// group (in the order in which its members are asked for: else SQLite takes the index of that order and reads every secret); a page of
    /// a list in order of creation; what runs or waits at a target, which the scheduler asks for each due secret.
    static func version2(_: SQLDialect) -> [String] {
        [
            "CREATE INDEX secrets_to_purge ON secrets (purge_at) WHERE deleted_at IS NOT NULL",
            "DROP INDEX secrets_by_group",
            "CREATE INDEX secrets_by_group ON secrets (account_id, region, stagger_group, sequence) WHERE stagger_group IS NOT NULL",
            "CREATE INDEX secrets_by_creation ON secrets (account_id, region, created_at, name)",
            "CREATE INDEX runs_by_target ON runs (target, next_attempt_at) WHERE is_live = 1",
        ]
    }
}
