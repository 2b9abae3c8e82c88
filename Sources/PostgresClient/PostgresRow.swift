/// One row of an answer, all values as the server's text.
package struct PostgresRow: Hashable, Sendable {
    private let columns: [String]
    private let values: [String?]

    init(columns: [String], values: [String?]) {
        self.columns = columns
        self.values = values
    }

    /// The value of a column; `nil` for NULL and for a column that the answer does not have.
    package subscript(column: String) -> String? {
        self.columns.firstIndex(of: column).flatMap { self.values[$0] }
    }

    /// A boolean column; NULL is false.
    package func isTrue(_ column: String) -> Bool { self[column] == "t" }
}
