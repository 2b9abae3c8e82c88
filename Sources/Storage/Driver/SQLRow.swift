import SecretModel

/// One row of a result, read by column name. A column that is missing or of another type means a damaged store or a wrong statement.
struct SQLRow {
    private let names: [String]
    private let values: [SQLValue]

    /// - Parameter names: Those of the values, in their order; shared by the rows of a result.
    init(names: [String], values: [SQLValue]) {
        self.names = names
        self.values = values
    }

    func value(_ column: String) throws(StoreError) -> SQLValue {
        guard let index = self.names.firstIndex(of: column) else { throw StoreError.failed("the store's answer has no column \(column)") }
        return self.values[index]
    }

    /// The column's value as `transform` reads it, `nil` for NULL.
    func optional<Result>(_ column: String, _ transform: (SQLValue) -> Result?) throws(StoreError) -> Result? {
        let value = try self.value(column)
        if value == .null { return nil }
        guard let result = transform(value) else { throw StoreError.failed("the store is damaged: column \(column) is unreadable") }
        return result
    }

    /// The same for a column that is never NULL.
    func required<Result>(_ column: String, _ transform: (SQLValue) -> Result?) throws(StoreError) -> Result {
        guard let result = try self.optional(column, transform) else {
            throw StoreError.failed("the store is damaged: column \(column) is empty")
        }
        return result
    }
}

extension SQLRow {
    func integer(_ column: String) throws(StoreError) -> Int64 { try self.required(column, { $0.integer }) }
    func count(_ column: String) throws(StoreError) -> Int { Int(try self.integer(column)) }
    func flag(_ column: String) throws(StoreError) -> Bool { try self.integer(column) != 0 }
    func text(_ column: String) throws(StoreError) -> String { try self.required(column, { $0.text }) }
    func bytes(_ column: String) throws(StoreError) -> [UInt8] { try self.required(column, { $0.blob }) }
    func time(_ column: String) throws(StoreError) -> Timestamp { Timestamp(microseconds: try self.integer(column)) }
    func arn(_ column: String) throws(StoreError) -> SecretARN { try self.required(column) { $0.text.flatMap(SecretARN.init) } }
    func version(_ column: String) throws(StoreError) -> VersionID { try self.required(column) { $0.text.flatMap(VersionID.init) } }

    /// The account and region in `account_id` and `region`.
    func scope() throws(StoreError) -> SecretScope {
        SecretScope(
            account: try self.required("account_id") { $0.text.flatMap(AccountID.init) },
            region: try self.required("region") { $0.text.flatMap(RegionName.init) }
        )
    }

    func optionalInteger(_ column: String) throws(StoreError) -> Int64? { try self.optional(column, { $0.integer }) }
    func optionalText(_ column: String) throws(StoreError) -> String? { try self.optional(column, { $0.text }) }
    func optionalBytes(_ column: String) throws(StoreError) -> [UInt8]? { try self.optional(column, { $0.blob }) }

    func optionalTime(_ column: String) throws(StoreError) -> Timestamp? {
        try self.optionalInteger(column).map(Timestamp.init(microseconds:))
    }

    /// A column whose text is the raw value of an enumeration.
    func choice<Choice: RawRepresentable<String>>(_ column: String, _: Choice.Type = Choice.self) throws(StoreError) -> Choice {
        try self.required(column) { $0.text.flatMap(Choice.init(rawValue:)) }
    }
}

extension SQLValue {
    var integer: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    var text: String? {
        guard case .text(let value) = self else { return nil }
        return value
    }

    var blob: [UInt8]? {
        guard case .blob(let value) = self else { return nil }
        return value
    }
}
