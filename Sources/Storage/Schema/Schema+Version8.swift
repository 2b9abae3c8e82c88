extension Schema {
    /// Accounts at which a run that holds no lease any more may still be at work. They outlive run and secret, so nothing refers to them.
    static func version8(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE account_holds (
                secret TEXT NOT NULL, token TEXT NOT NULL, target TEXT NOT NULL, account TEXT,
                owner TEXT NOT NULL, term \(integer) NOT NULL, expires \(integer) NOT NULL,
                PRIMARY KEY (secret, token)
            ) \(dialect.tableOptions)
            """,
            "CREATE INDEX account_holds_by_target ON account_holds (target)",
        ]
    }
}
