
extension ReadableStore {
    package func accessKey(_ id: String) throws -> AccessKeyRecord? { fatalError("stub") }
    package func accessKeys() throws -> [AccessKeyRecord] { fatalError("stub") }
    package func keys() throws -> [KeyRecord] { fatalError("stub") }
    /// The root key's check value, and other facts of the installation, by name.
    package func fact(_ name: String) throws -> [UInt8]? { fatalError("stub") }
}

extension StoreTransaction {
    package func insert(_ key: AccessKeyRecord) throws { fatalError("stub") }
    package func update(_ key: AccessKeyRecord) throws { fatalError("stub") }
    package func insert(_ key: KeyRecord) throws { fatalError("stub") }
    /// Rewraps a key: after a change of root key.
    package func update(_ key: KeyRecord) throws { fatalError("stub") }
    package func setFact(_ name: String, _ value: [UInt8]) throws { fatalError("stub") }
}
