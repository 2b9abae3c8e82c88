extension Schema {
    /// Which versions are under a key, and which the runs have replaced: for the question whom it concerns that a key is disabled.
    static func version10(_: SQLDialect) -> [String] {
        [
            "CREATE INDEX versions_by_key ON versions (value_key, secret, id) WHERE value_key IS NOT NULL",
            "CREATE INDEX runs_by_replaced ON runs (secret, replaced) WHERE replaced IS NOT NULL",
        ]
    }
}
