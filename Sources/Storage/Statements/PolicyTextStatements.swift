extension StoreTransaction {
    /// Where policies stand that name principals.
    private static let places = [("secrets", "resource_policy"), ("account_keys", "policy"), ("identities", "trust_policy")]

    /// Changes all policies of secrets, KMS keys and roles, of every account, in whose text a name stands.
    ///
    /// - Parameter change: The new text; `nil` to keep a policy as it is. It sees more than those that mean the name: a name is found
    ///   anywhere in the text, and a text with escapes may hold any.
    package func changePolicies(mentioning name: String, _ change: (String) throws -> String?) throws {
        for (table, column) in Self.places {
            let texts = try self.sql.query(
                """
                SELECT DISTINCT \(column) AS text FROM \(table) WHERE \(column) IS NOT NULL
                    AND (REPLACE(\(column), ?, '') <> \(column) OR REPLACE(\(column), '\\', '') <> \(column))
                """,
                name
            ).map { try $0.text("text") }
            for text in texts {
                guard let changed = try change(text) else { continue }
                try self.sql.execute("UPDATE \(table) SET \(column) = ? WHERE \(column) = ?", changed, text)
            }
        }
    }
}
