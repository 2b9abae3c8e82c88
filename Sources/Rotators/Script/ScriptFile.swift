import Glibc
import RotationModel

/// An executable in a rotators directory, as it was when it was looked at.
struct ScriptFile: Hashable, Sendable {
    let name: RotatorName
    /// The path with symbolic links resolved.
    let path: String
    let stamp: Stamp

    /// What tells one state of a file from another.
    struct Stamp: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
        /// Nanoseconds since the epoch.
        let modified: Int64
        let size: Int64

        init(_ status: stat) {
            self.device = UInt64(status.st_dev)
            self.inode = UInt64(status.st_ino)
            self.modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            self.size = Int64(status.st_size)
        }

        /// - Returns: `nil` if there is no such file.
        init?(trustingIfPresent path: String) throws(Refusal) {
            guard access(path, F_OK) == 0 else { return nil }
            self.init(try ScriptFile.checked(path))
        }
    }

    /// Why a file is no rotator.
    enum Refusal: Error, Hashable, CustomStringConvertible {
        case notFound(String)
        case notExecutable(String)
        case wrongOwner(String, owner: UInt32)
        case writableByOthers(String)

        var description: String {
            switch self {
            case .notFound(let path): "\(path) cannot be read"
            case .notExecutable(let path): "\(path) is not executable: chmod 755 it"
            case .wrongOwner(let path, let owner): "\(path) belongs to uid \(owner): it must belong to root or to the daemon's user"
            case .writableByOthers(let path): "\(path) is writable by its group or by others: chmod go-w it"
            }
        }
    }

    /// Looks at a file and at every directory above it.
    ///
    /// The rule is sshd's StrictModes (`rotator-protocol.md` §3.3). One exception: a directory with the sticky bit that belongs to root, such
    /// as the system's temporary directory, may be writable, because nobody can replace another user's entry in it.
    init(trusting path: String, name: RotatorName) throws(Refusal) {
        let resolved = try ScriptFile.resolved(path)
        let status = try ScriptFile.checked(resolved)
        guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o111 != 0 else { throw .notExecutable(resolved) }
        try ScriptFile.checkParents(of: resolved)
        // A symbolic link is as trustworthy as the directory that it stands in.
        let directory = try ScriptFile.resolved(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) + "/")
        _ = try ScriptFile.checked(directory)
        try ScriptFile.checkParents(of: directory)
        self.name = name
        self.path = resolved
        self.stamp = Stamp(status)
    }

    private static func resolved(_ path: String) throws(Refusal) -> String {
        guard let real = realpath(path, nil) else { throw .notFound(path) }
        defer { free(real) }
        return String(cString: real)
    }

    private static func checkParents(of path: String) throws(Refusal) {
        var parent = path
        while let slash = parent.lastIndex(of: "/"), parent != "/" {
            parent = slash == parent.startIndex ? "/" : String(parent[..<slash])
            _ = try ScriptFile.checked(parent)
        }
    }

    /// Owner and mode of one file or directory, if they may be trusted.
    static func checked(_ path: String) throws(Refusal) -> stat {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .notFound(path) }
        guard status.st_uid == 0 || status.st_uid == geteuid() else { throw .wrongOwner(path, owner: status.st_uid) }
        let isSharedSafely = status.st_mode & S_IFMT == S_IFDIR && status.st_mode & S_ISVTX != 0 && status.st_uid == 0
        guard status.st_mode & 0o022 == 0 || isSharedSafely else { throw .writableByOthers(path) }
        return status
    }
}
