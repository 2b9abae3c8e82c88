/// Columns of a row by name, in the order in which they are written.
typealias SQLColumns = KeyValuePairs<String, any SQLConvertible>

/// Column names and values side by side, so that a statement cannot count its parameters wrong.
struct SQLColumnList {
    private(set) var names: [String] = []
    private(set) var values: [SQLValue] = []

    init(_ columns: SQLColumns = [:]) {
        self.append(columns)
    }

    mutating func append(_ columns: SQLColumns) {
        for (name, value) in columns { self.append(name, value) }
    }

    mutating func append(_ other: SQLColumnList) {
        self.names += other.names
        self.values += other.values
    }

    mutating func append(_ name: String, _ value: any SQLConvertible) {
        self.names.append(name)
        self.values.append(value.sqlValue)
    }
}

extension SQLConnection {
    /// Inserts a row.
    ///
    /// - Parameter conflict: An `ON CONFLICT` clause, or nothing.
    /// - Returns: How many rows changed: 0 where `conflict` did nothing.
    @discardableResult
    func insert(into table: String, _ columns: SQLColumnList, conflict: String = "") throws(StoreError) -> Int {
        let names = columns.names.joined(separator: ", ")
        let marks = Array(repeating: "?", count: columns.names.count).joined(separator: ", ")
        return try self.execute("INSERT INTO \(table) (\(names)) VALUES (\(marks)) \(conflict)", columns.values)
    }

    /// - Parameter condition: The `WHERE` clause's condition, whose parameters follow.
    /// - Returns: How many rows changed.
    @discardableResult
    func update(
        _ table: String,
        _ columns: SQLColumnList,
        where condition: String,
        _ parameters: any SQLConvertible...
    ) throws(StoreError) -> Int {
        let assignments = columns.names.map { "\($0) = ?" }.joined(separator: ", ")
        return try self.execute(
            "UPDATE \(table) SET \(assignments) WHERE \(condition)",
            columns.values + parameters.map { $0.sqlValue }
        )
    }

    @discardableResult
    func execute(_ statement: String, _ parameters: any SQLConvertible...) throws(StoreError) -> Int {
        try self.execute(statement, parameters.map { $0.sqlValue })
    }

    func query(_ statement: String, _ parameters: any SQLConvertible...) throws(StoreError) -> [SQLRow] {
        try self.query(statement, parameters.map { $0.sqlValue })
    }
}
