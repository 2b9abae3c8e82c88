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

    /// Inserts a row behind others: its `sequence` is one higher than any of theirs.
    ///
    /// - Parameters:
    ///   - conflict: An `ON CONFLICT` clause, or nothing.
    ///   - others: What follows `FROM` to find the others; its parameters follow.
    /// - Returns: How many rows changed: 0 where `conflict` did nothing.
    @discardableResult
    func append(
        to table: String,
        _ columns: SQLColumnList,
        conflict: String = "",
        behind others: String,
        _ parameters: any SQLConvertible...
    ) throws(StoreError) -> Int {
        let names = columns.names.joined(separator: ", ")
        let marks = String(repeating: "?, ", count: columns.names.count)
        return try self.execute(
            """
            INSERT INTO \(table) (\(names), sequence)
            VALUES (\(marks)(SELECT COALESCE(MAX(sequence), 0) + 1 FROM \(others))) \(conflict)
            """,
            columns.values + parameters.map { $0.sqlValue }
        )
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
        return try self.execute(
            "UPDATE \(table) SET \(columns.names.joined(separator: " = ?, ")) = ? WHERE \(condition)",
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
