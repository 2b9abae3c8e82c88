extension Schema {
    /// The audit trail in CloudTrail's shape, each record bound to the one before it, and the sealed head of that chain.
    ///
    /// Every question of LookupEvents has its index, in the order of its answer. The records of before are carried over with an empty
    /// hash: they stand before the chain's first record, which only the daemon can make, since it takes the store's keys.
    static func version5(_ dialect: SQLDialect) -> [String] {
        let (integer, bytes) = (dialect.integer, dialect.bytes)
        func index(_ name: String, _ columns: String, where condition: String = "") -> String {
            "CREATE INDEX audit_\(name) ON audit (account_id, region, \(columns)recorded_at, sequence) \(condition)"
        }
        return [
            "ALTER TABLE audit RENAME TO audit_before_chain",
            "DROP INDEX audit_in_order",
            "DROP INDEX audit_by_secret",
            """
            CREATE TABLE audit (
                sequence \(integer) PRIMARY KEY, id TEXT NOT NULL UNIQUE, recorded_at \(integer) NOT NULL,
                account_id TEXT NOT NULL, region TEXT NOT NULL, event_source TEXT NOT NULL, event_name TEXT NOT NULL,
                read_only \(integer) NOT NULL, user_name TEXT, access_key TEXT, resource TEXT, error_code TEXT, record TEXT NOT NULL,
                previous_hash \(bytes) NOT NULL, hash \(bytes) NOT NULL
            ) \(dialect.tableOptions)
            """,
            """
            CREATE TABLE audit_head (
                id \(integer) PRIMARY KEY CHECK (id = 1), first_sequence \(integer) NOT NULL, anchor \(bytes) NOT NULL,
                started_at \(integer) NOT NULL, last_sequence \(integer) NOT NULL, hash \(bytes) NOT NULL, damage TEXT,
                seal_key TEXT NOT NULL, seal \(bytes) NOT NULL
            ) \(dialect.tableOptions)
            """,
            """
            INSERT INTO audit
            SELECT sequence, id, recorded_at, account_id, region, 'secretsmanager.amazonaws.com', event, 0,
                CASE WHEN actor LIKE 'arn:%' THEN actor END, NULL, secret, error_code,
                '{"eventID":' || \(Self.quoted("id")) || ',"eventName":' || \(Self.quoted("event"))
                    || ',"userIdentity":{"arn":' || \(Self.quoted("actor")) || '},"requestID":' || \(Self.quoted("request_id"))
                    || ',"additionalEventData":' || COALESCE(details, 'null') || '}',
                \(dialect.noBytes), \(dialect.noBytes)
            FROM audit_before_chain
            """,
            "DROP TABLE audit_before_chain",
            index("by_time", ""),
            index("by_name", "event_name, "),
            index("by_source", "event_source, "),
            index("by_kind", "read_only, "),
            index("by_user", "user_name, ", where: "WHERE user_name IS NOT NULL"),
            index("by_access_key", "access_key, ", where: "WHERE access_key IS NOT NULL"),
            index("by_resource", "resource, ", where: "WHERE resource IS NOT NULL"),
            index("failures", "", where: "WHERE error_code IS NOT NULL"),
        ]
    }

    /// An expression for a column's text as a JSON string. None of these columns ever held a control character.
    private static func quoted(_ column: String) -> String {
        #"'"' || REPLACE(REPLACE(\#(column), '\', '\\'), '"', '\"') || '"'"#
    }
}
