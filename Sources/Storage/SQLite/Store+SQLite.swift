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

    /// An empty store in memory, which lasts as long as this value and its copies.
    ///
    /// Its transactions run on the caller's thread and before the call gives way to any other task, so that a simulation on one thread is
    /// deterministic. Schema and statements are those of the embedded store.
    package static func openInMemory() async throws -> Store {
        try await Store(driver: try SQLiteMemoryDriver())
    }
}
