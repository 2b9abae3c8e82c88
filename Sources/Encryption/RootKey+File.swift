import Glibc

extension RootKey {
    /// Reads a root key file, and refuses one that other users could read or replace.
    ///
    /// - Throws: `RootKeyFileError`; the checks are made on the opened file, so it cannot be exchanged between check and reading.
    package static func load(from path: String) throws(RootKeyFileError) -> RootKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .missing(path: path) : .system("open", path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("examine", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        guard status.st_mode & 0o077 == 0 else { throw .openToOthers(path: path, mode: status.st_mode & 0o7777) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .ownedByAnother(path: path, owner: status.st_uid) }

        // One byte more than any valid content, so that a longer file is seen to be too long.
        var content = [UInt8](repeating: 0, count: 256)
        var count = 0
        while count < content.count {
            let taken = content.withUnsafeMutableBytes { read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count) }
            if taken < 0, errno == EINTR { continue }
            guard taken >= 0 else { throw .system("read", path) }
            if taken == 0 { break }
            count += taken
        }
        guard let key = RootKey(text: Array(content.prefix(count))) else { throw .malformed(path: path) }
        return key
    }

    /// Writes a new root key file with mode 0600 and waits until it and its directory entry are on disk.
    ///
    /// - Throws: `RootKeyFileError.alreadyExists` rather than touch what is there. A file that could not be completed is removed.
    package func write(toNewFile path: String) throws(RootKeyFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .alreadyExists(path: path) : .system("create", path)
        }
        defer { close(descriptor) }
        do throws(RootKeyFileError) {
            guard fchmod(descriptor, 0o600) == 0 else { throw .system("restrict", path) }
            try RootKey.writeAll(self.textForm, to: descriptor, path)
            guard fsync(descriptor) == 0 else { throw .system("sync", path) }
            try RootKey.syncDirectory(of: path)
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(RootKeyFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw .system("write", path) }
            rest = rest.dropFirst(written)
        }
    }

    private static func syncDirectory(of path: String) throws(RootKeyFileError) {
        let parent = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        let descriptor = open(String(parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("sync the directory of", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("sync the directory of", path) }
    }
}

extension RootKeyFileError {
    /// The failure of the last system call.
    fileprivate static func system(_ operation: String, _ path: String) -> RootKeyFileError {
        .systemError(path: path, operation: operation, reason: String(cString: strerror(errno)))
    }
}
