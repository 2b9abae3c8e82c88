package import Encryption
package import SecretModel

/// Where a policy stands that names principals.
package enum PolicyPlace: Hashable, Sendable {
    case secret(SecretARN)
    case key(KeyID, SecretScope)
    case role(IdentityID)
}

extension StoreTransaction {
    /// Where policies stand that name principals: the columns of the policy, of the row's primary key, and of what says whose it is, and
    /// how those are read.
    private static let places:
        [(table: String, column: String, key: [String], names: String, read: @Sendable (SQLRow) throws(StoreError) -> PolicyPlace)] = [
            (
                "secrets", "resource_policy", ["arn"], "arn",
                { row throws(StoreError) in .secret(try row.required("arn") { $0.text.flatMap(SecretARN.init) }) }
            ),
            (
                "account_keys", "policy", ["id"], "id, account_id, region",
                { row throws(StoreError) in
                    let account = try row.required("account_id") { $0.text.flatMap(AccountID.init) }
                    let region = try row.required("region") { $0.text.flatMap(RegionName.init) }
                    return .key(KeyID(try row.text("id")), SecretScope(account: account, region: region))
                }
            ),
            (
                "identities", "trust_policy", ["account_id", "kind", "name"], "account_id, kind, name",
                { row throws(StoreError) in .role(try IdentityID(row, name: "name")) }
            ),
        ]

    /// Changes all policies of secrets, KMS keys and roles, of every account, in whose text a name stands.
    ///
    /// - Parameter change: The new text; `nil` to keep a policy as it is. It is asked once for each text of a kind of place, and sees more
    ///   than those that mean the name: a name is found anywhere in the text, and a text with escapes may hold any.
    /// - Returns: Where a policy was changed.
    package func changePolicies(mentioning name: String, _ change: (String) throws -> String?) throws -> [PolicyPlace] {
        var changes: [PolicyPlace] = []
        for (table, column, key, names, read) in Self.places {
            let rows = try self.sql.query(
                """
                SELECT \(names), \(column) AS text FROM \(table) WHERE \(column) IS NOT NULL
                    AND (REPLACE(\(column), ?, '') <> \(column) OR REPLACE(\(column), '\\', '') <> \(column))
                ORDER BY \(names)
                """,
                name
            )
            let condition = key.map { "\($0) = ?" }.joined(separator: " AND ")
            var known: [String: String?] = [:]
            for row in rows {
                let text = try row.text("text")
                let answer: String?
                if let before = known[text] { answer = before } else { answer = try change(text) }
                known[text] = .some(answer)
                guard let changed = answer else { continue }
                var parameters = [SQLValue.text(changed)]
                for part in key { parameters.append(try row.value(part)) }
                try self.sql.execute("UPDATE \(table) SET \(column) = ? WHERE \(condition)", parameters)
                changes.append(try read(row))
            }
        }
        return changes
    }
}
