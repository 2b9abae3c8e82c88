extension Schema {
    /// The account that each run is at, and accounts at which a run that holds no lease any more may still be at work. Those outlive run and
    /// secret, so nothing refers to them.
    static func version8(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            "ALTER TABLE runs ADD COLUMN bound_account TEXT",
            "UPDATE runs SET bound_account = (SELECT account FROM secrets WHERE arn = runs.secret) WHERE is_live = 1",
            """
            CREATE TABLE account_holds (
                secret TEXT NOT NULL, token TEXT NOT NULL, target TEXT NOT NULL, account TEXT,
                owner TEXT NOT NULL, term \(integer) NOT NULL, expires \(integer) NOT NULL,
                PRIMARY KEY (secret, token, term)
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX account_holds_by_target ON account_holds (target)",
        ]
    }
}
