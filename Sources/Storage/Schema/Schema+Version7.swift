extension Schema {
    /// `Type` of a secret, as its owner gave it.
    static func version7(_: SQLDialect) -> [String] {
        ["ALTER TABLE secrets ADD COLUMN type TEXT"]
    }
}
