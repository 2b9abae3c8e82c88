extension Schema {
    /// Replicas in other regions: what a primary knows of them, and whom a replica follows. One of the two at most is there.
    static func version3(_: SQLDialect) -> [String] {
        ["ALTER TABLE secrets ADD COLUMN replicas TEXT", "ALTER TABLE secrets ADD COLUMN primary_region TEXT"]
    }
}
