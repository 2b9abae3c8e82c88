import Glibc

/// Small files that their owner alone may read.
enum PrivateFile {
    /// Reads a file that a person put there, and refuses one that others could read or replace. Its group may read it: systemd shows the
    /// access that it gives the service to a credential as the group's.
    ///
    /// - Throws: `DaemonError.fileOpenToOthers`, or `.file`; the mode is that of the opened file, so it cannot be exchanged in between.
    static func readSecret(_ path: String) throws(DaemonError) -> [UInt8] {
        try Self.read(path) { status throws(DaemonError) in
            guard status.st_mode & 0o037 == 0 else { throw .fileOpenToOthers(path: path, mode: status.st_mode & 0o7777) }
        }
    }

    static func read(_ path: String) throws(DaemonError) -> [UInt8] {
        try Self.read(path) { _ in }
    }

    private static func read(_ path: String, check: (stat) throws(DaemonError) -> Void) throws(DaemonError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, operation: "open", reason: SystemErrorText.last) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(path: path, operation: "examine", reason: SystemErrorText.last) }
        try check(status)
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path: path, operation: "read", reason: SystemErrorText.last) }
            if count == 0 { return content }
            content += chunk[..<count]
        }
    }

    static func isEmpty(_ path: String) throws(DaemonError) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .file(path: path, operation: "examine", reason: SystemErrorText.last) }
        return status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
    }

    /// Writes the file in one step: whoever reads it sees the old content or the new one. It is on disk when this returns.
    static func replace(_ path: String, with content: [UInt8]) throws(DaemonError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(path: draft, operation: "create", reason: SystemErrorText.last) }
        defer { close(descriptor) }
        var rest = content[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.giveUp(draft, "write") }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw Self.giveUp(draft, "sync") }
        try Self.move(draft, to: path)
    }

    /// Renames, and waits until the directory entry is on disk.
    static func move(_ source: String, to destination: String) throws(DaemonError) {
        guard rename(source, destination) == 0 else { throw Self.giveUp(source, "rename") }
        let parent = destination.lastIndex(of: "/").map { String(destination[...$0]) } ?? "."
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: parent, operation: "sync", reason: SystemErrorText.last) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(path: parent, operation: "sync", reason: SystemErrorText.last) }
    }

    private static func giveUp(_ draft: String, _ operation: String) -> DaemonError {
        let error = DaemonError.file(path: draft, operation: operation, reason: SystemErrorText.last)
        unlink(draft)
        return error
    }
}
