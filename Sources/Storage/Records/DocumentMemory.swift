import NIOConcurrencyHelpers

/// Documents of the store that were read lately, decoded: of many rows, most have one of a few texts in such a column, and decoding it takes
/// longer than reading the row.
final class DocumentMemory<Value: Decodable & Sendable>: Sendable {
    private let limit: Int
    /// By bytes: Swift takes texts for the same that are not.
    private let known = NIOLockedValueBox<[[UInt8]: Value]>([:])

    /// - Parameter limit: How many are kept; when there are more, all are forgotten.
    init(limit: Int = 500) {
        self.limit = limit
    }

    /// - Throws: As ``StoredDocument/value(_:in:column:)``.
    func value(in text: String, column: String) throws(StoreError) -> Value {
        let bytes = Array(text.utf8)
        if let value = self.known.withLockedValue({ $0[bytes] }) { return value }
        let value = try StoredDocument.value(Value.self, in: text, column: column)
        self.known.withLockedValue { known in
            if known.count >= self.limit { known.removeAll() }
            known[bytes] = value
        }
        return value
    }
}
