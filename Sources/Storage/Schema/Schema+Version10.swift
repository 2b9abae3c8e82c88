extension Schema {
    /// Which secrets have a key of a customer's, for the question whom it concerns that a key is disabled.
    static func version10(_: SQLDialect) -> [String] {
        ["CREATE INDEX secrets_by_key ON secrets (kms_key) WHERE kms_key IS NOT NULL"]
    }
}
