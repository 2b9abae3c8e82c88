import Encryption

extension SQLColumnList {
    /// The four columns of a sealed value, all NULL for `nil`.
    mutating func append(sealed value: SealedValue?, as prefix: String) {
        self.append(prefix + "_format", value?.format)
        self.append(prefix + "_key", value?.keyID.description)
        self.append(prefix + "_data_key", value?.wrappedDataKey)
        self.append(prefix + "_ciphertext", value?.ciphertext)
    }
}

extension SQLRow {
    func sealed(_ prefix: String) throws(StoreError) -> SealedValue? {
        guard let format = try self.optionalInteger(prefix + "_format") else { return nil }
        return SealedValue(
            format: Int(format),
            keyID: KeyID(try self.text(prefix + "_key")),
            wrappedDataKey: try self.bytes(prefix + "_data_key"),
            ciphertext: try self.bytes(prefix + "_ciphertext")
        )
    }
}
