package import SecretModel

/// What audit records must have in common; a member that is `nil` asks for nothing.
package struct AuditFilter: Hashable, Sendable {
    package var id: String?
    package var source: String?
    package var name: String?
    package var isReadOnly: Bool?
    package var userName: String?
    package var accessKeyID: String?
    /// The ARN of the resource.
    package var resource: String?
    /// Only those about a resource.
    package var hasResource = false
    /// Those of calls that failed, or of those that did not.
    package var isFailure: Bool?
    /// The first moment.
    package var from: Timestamp?
    /// The last moment.
    package var through: Timestamp?

    package init(resource: String? = nil) {
        self.resource = resource
    }

    /// Where a record stands in the order of answers.
    package struct Position: Hashable, Sendable {
        package let at: Timestamp
        package let sequence: Int64

        package init(at: Timestamp, sequence: Int64) {
            self.at = at
            self.sequence = sequence
        }
    }
}

extension AuditRecord {
    package var position: AuditFilter.Position { AuditFilter.Position(at: self.event.at, sequence: self.sequence) }
}

extension ReadableStore {
    /// The records of an account and region that pass the filter, newest first.
    ///
    /// - Parameter position: Behind which record to go on.
    package func auditRecords(
        in scope: SecretScope,
        _ filter: AuditFilter = AuditFilter(),
        after position: AuditFilter.Position? = nil,
        limit: Int
    ) throws -> [AuditRecord] {
        var (conditions, values) = filter.conditions
        conditions += ["account_id = ?", "region = ?"]
        values += [scope.account.description.sqlValue, scope.region.description.sqlValue]
        if let position {
            conditions.append("(recorded_at, sequence) < (?, ?)")
            values += [position.at.sqlValue, position.sequence.sqlValue]
        }
        let rows = try self.sql.query(
            "SELECT * FROM audit WHERE \(conditions.joined(separator: " AND ")) ORDER BY recorded_at DESC, sequence DESC LIMIT ?",
            values + [limit.sqlValue]
        )
        return try rows.map { try AuditRecord($0) }
    }
}

extension AuditFilter {
    fileprivate var conditions: ([String], [SQLValue]) {
        var (conditions, values): ([String], [SQLValue]) = ([], [])
        func ask(_ condition: String, _ value: (any SQLConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            values.append(value.sqlValue)
        }
        ask("id = ?", self.id)
        ask("event_source = ?", self.source)
        ask("event_name = ?", self.name)
        ask("read_only = ?", self.isReadOnly)
        ask("user_name = ?", self.userName)
        ask("access_key = ?", self.accessKeyID)
        ask("resource = ?", self.resource)
        if self.hasResource { conditions.append("resource IS NOT NULL") }
        if let isFailure { conditions.append(isFailure ? "error_code IS NOT NULL" : "error_code IS NULL") }
        ask("recorded_at >= ?", self.from)
        ask("recorded_at <= ?", self.through)
        return (conditions, values)
    }
}
