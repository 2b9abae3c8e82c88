extension Schema {
    /// Permissions boundaries, by the name of a managed policy; and how long a session of a role may last.
    static func version9(_ dialect: SQLDialect) -> [String] {
        [
            "ALTER TABLE identities ADD COLUMN boundary TEXT",
            "ALTER TABLE identities ADD COLUMN longest_session \(dialect.integer)",
        ]
    }
}
