import FoundationEssentials

/// Values that the store keeps as JSON text because nothing ever searches in them.
enum StoredDocument {
    static func text(_ value: some Encodable) throws(StoreError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw StoreError.failed("cannot write a document of the store: \(error)")
        }
    }

    /// `nil` for `nil`, which is NULL in the store.
    static func text(optional value: (some Encodable)?) throws(StoreError) -> String? {
        guard let value else { return nil }
        return try Self.text(value)
    }

    static func value<Value: Decodable>(_: Value.Type, in text: String, column: String) throws(StoreError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch is DecodingError {
            // The decoder's own words quote the document.
            throw StoreError.failed("the store is damaged: column \(column) holds no \(Value.self)")
        } catch {
            throw StoreError.failed("cannot read column \(column) of the store: \(error)")
        }
    }
}

extension SQLRow {
    func document<Value: Decodable>(_ column: String, _: Value.Type = Value.self) throws(StoreError) -> Value {
        guard let value = try self.optionalDocument(column, Value.self) else {
            throw StoreError.failed("the store is damaged: column \(column) is empty")
        }
        return value
    }

    func optionalDocument<Value: Decodable>(_ column: String, _: Value.Type = Value.self) throws(StoreError) -> Value? {
        guard let text = try self.optionalText(column) else { return nil }
        return try StoredDocument.value(Value.self, in: text, column: column)
    }
}
