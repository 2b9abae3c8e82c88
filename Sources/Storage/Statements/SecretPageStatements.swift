package import SecretModel

/// An order of all secrets of an account and region, and a place in it. Ties are broken by the name, which no two secrets share.
package struct SecretOrder: Hashable, Sendable {
    package enum Key: Hashable, Sendable {
        case created, changed, accessed, name
    }

    /// Where a secret stands: its date in microseconds (0 by name, and for one that was never read), and its name.
    package struct Position: Hashable, Sendable {
        package let number: Int64
        package let name: String

        package init(number: Int64, name: String) {
            self.number = number
            self.name = name
        }
    }

    package let key: Key
    package let isDescending: Bool

    package init(_ key: Key, isDescending: Bool = false) {
        self.key = key
        self.isDescending = isDescending
    }

    package func position(of secret: SecretRecord) -> Position {
        let date: Timestamp? =
            switch self.key {
            case .created: secret.createdAt
            case .changed: secret.changedAt
            case .accessed: secret.accessedDay
            case .name: nil
            }
        return Position(number: date?.microseconds ?? 0, name: secret.arn.name.description)
    }

    /// Whether a page costs what is on it, and not a look at every secret.
    package var hasIndex: Bool {
        switch self.key {
        case .created, .name: true
        case .changed, .accessed: false
        }
    }

    /// The first secrets in this order that stand behind a position: what the store answers, for secrets that were read in another order.
    package func first(_ limit: Int, of secrets: [SecretRecord], after position: Position?) -> [SecretRecord] {
        let places = secrets.map { (place: self.position(of: $0), secret: $0) }
        let rest = places.filter { entry in position.map { self.places($0, before: entry.place) } ?? true }
        return rest.sorted { self.places($0.place, before: $1.place) }.prefix(limit).map(\.secret)
    }

    /// As the store compares: names byte by byte.
    private func places(_ first: Position, before second: Position) -> Bool {
        let (lower, upper) = self.isDescending ? (second, first) : (first, second)
        guard lower.number == upper.number else { return lower.number < upper.number }
        return lower.name.utf8.lexicographicallyPrecedes(upper.name.utf8)
    }
}

extension ReadableStore {
    /// The next secrets behind a position, those scheduled for deletion only if asked. By creation and by name the cost follows `limit`;
    /// the other orders look at every secret, but keep no more than `limit` of them.
    package func secrets(
        in scope: SecretScope,
        includingDeleted: Bool,
        _ order: SecretOrder,
        after position: SecretOrder.Position?,
        limit: Int
    ) throws -> [SecretRecord] {
        let (direction, comparison) = order.isDescending ? ("DESC", "<") : ("ASC", ">")
        var condition = "account_id = ? AND region = ?\(includingDeleted ? "" : " AND deleted_at IS NULL")"
        var parameters: [any SQLConvertible] = [scope.account.description, scope.region.description]
        if let position {
            if let number = order.key.column {
                condition += " AND (\(number), name) \(comparison) (?, ?)"
                parameters.append(position.number)
            } else {
                condition += " AND name \(comparison) ?"
            }
            parameters.append(position.name)
        }
        let columns = [order.key.column, "name"].compactMap { $0.map { "\($0) \(direction)" } }.joined(separator: ", ")
        return try self.secrets(
            chosenBy: "WHERE \(condition) ORDER BY \(columns) LIMIT ?",
            (parameters + [limit]).map { $0.sqlValue }
        )
    }

    /// How many secrets there are, those scheduled for deletion left out.
    package func countSecrets(in scope: SecretScope) throws -> Int {
        try self.sql.query(
            "SELECT COUNT(*) AS count FROM secrets WHERE account_id = ? AND region = ? AND deleted_at IS NULL",
            scope.account.description,
            scope.region.description
        ).first?.count("count") ?? 0
    }
}

extension SecretOrder.Key {
    fileprivate var column: String? {
        switch self {
        case .created: "created_at"
        case .changed: "changed_at"
        case .accessed: "COALESCE(accessed_day, 0)"
        case .name: nil
        }
    }
}
