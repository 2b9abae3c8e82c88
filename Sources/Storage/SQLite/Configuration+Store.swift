import GRDB

extension Configuration {
    /// How every connection to the store's database is set up, on disk or in memory.
    static var ofStore: Configuration {
        var configuration = Configuration()
        configuration.label = "keyturn.store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // Sorting must not spill rows into temporary files elsewhere.
            try database.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")
        }
        return configuration
    }
}

extension SQLDialect {
    static let sqlite = SQLDialect(integer: "INTEGER", bytes: "BLOB", noBytes: "x''", tableOptions: "STRICT")
}
