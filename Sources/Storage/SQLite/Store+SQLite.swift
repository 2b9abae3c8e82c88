extension Store {
    /// Opens the embedded store, or makes it if there is no file or an empty one. Its directory must exist.
    ///
    /// The file and its companions (`-wal`, `-shm`, `.lock`) get mode 0600. Tests of other rooms open real stores with this in a scratch
    /// directory of their own; opening takes some milliseconds.
    ///
    /// - Throws: `StoreError.notOurs`, `.newerSchema`, `.inUse`, `.outOfSpace`, or `.failed` with path and cause.
    package static func open(path: String) async throws -> Store {
        try await Store(driver: try SQLiteDriver(path: path))
    }
}
