import GRDB
import Glibc

/// The file of an embedded store, looked at before SQLite may touch it.
struct SQLiteFile {
    let path: String

    /// SQLite's application id, at offset 68 of the header: "KeyT".
    static let applicationID: Int32 = 0x4b65_7954

    /// - Returns: Whether there is a store; `false` for no file, or an empty one.
    /// - Throws: `StoreError.notOurs` for any file that Keyturn did not make.
    func exists() throws(StoreError) -> Bool {
        let descriptor = Glibc.open(self.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return false }
            throw StoreError.cannot("open", self.path, errno)
        }
        defer { Glibc.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StoreError.cannot("inspect", self.path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw StoreError.notOurs(path: self.path, reason: "it is not a regular file") }
        guard status.st_size > 0 else { return false }
        var header = [UInt8](repeating: 0, count: 100)
        guard pread(descriptor, &header, header.count, 0) == header.count, header.starts(with: "SQLite format 3\0".utf8) else {
            throw StoreError.notOurs(path: self.path, reason: "it is not an SQLite database")
        }
        guard header[68..<72].reduce(Int32(0), { $0 << 8 | Int32($1) }) == Self.applicationID else {
            throw StoreError.notOurs(path: self.path, reason: "it is an SQLite database of another program")
        }
        return true
    }

    /// Makes an empty store that says whose it is. It is made under another name and then renamed, so that a crash leaves either no
    /// store or one that bears the mark.
    ///
    /// - Throws: `StoreError.failed` also if a log of a store that is gone lies there: SQLite would mix it into the new one, and it may
    ///   hold the only copy of a credential.
    func create() throws(StoreError) {
        guard access(self.path + "-wal", F_OK) != 0 else {
            throw StoreError.failed("there is a log \(self.path)-wal but no store \(self.path): put the store back, or move the log away")
        }
        let draft = self.path + ".new"
        for remnant in [draft, draft + "-journal"] where unlink(remnant) != 0 && errno != ENOENT {
            throw StoreError.cannot("remove", remnant, errno)
        }
        let descriptor = Glibc.open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.cannot("create", draft, errno) }
        Glibc.close(descriptor)
        do {
            let queue = try DatabaseQueue(path: draft)
            try queue.write { try $0.execute(sql: "PRAGMA application_id = \(Self.applicationID)") }
            try queue.close()
        } catch {
            throw StoreError(sqlite: error)
        }
        guard rename(draft, self.path) == 0 else { throw StoreError.cannot("rename", draft, errno) }
        try self.syncDirectory()
    }

    /// A new name in a directory lasts only once the directory is synced.
    private func syncDirectory() throws(StoreError) {
        let end = self.path.lastIndex(of: "/")
        let directory = end.map { $0 == self.path.startIndex ? "/" : String(self.path[..<$0]) } ?? "."
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError.cannot("open", directory, errno) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError.cannot("sync", directory, errno) }
    }

    /// Takes group and others off the file's mode. SQLite gives its log and index files the mode of the store.
    func makePrivate() throws(StoreError) {
        guard chmod(self.path, 0o600) == 0 else { throw StoreError.cannot("set the mode of", self.path, errno) }
    }
}
