import Glibc

/// Keeps a second `keyturn init` out of a directory while the first is at work there; the kernel ends it with the process.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `DaemonError.beingInstalled` if another process holds it.
    init(_ directory: DataDirectory) throws(DaemonError) {
        self.descriptor = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard self.descriptor >= 0 else { throw .file(path: directory.path, operation: "open", reason: SystemErrorText.last) }
        guard flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // An initializer that throws once everything is set runs `deinit`, which closes.
            throw errno == EWOULDBLOCK
                ? .beingInstalled(directory: directory.path)
                : .file(path: directory.path, operation: "lock", reason: SystemErrorText.last)
        }
    }

    deinit {
        close(self.descriptor)
    }
}
