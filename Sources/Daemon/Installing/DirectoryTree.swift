import Glibc

/// Removes what this process made.
enum DirectoryTree {
    /// Removes a directory and what is in it; links are removed, not followed. What is not there is removed already.
    static func remove(_ path: String) throws(DaemonError) {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return }
            throw .file(path: path, operation: "open", reason: SystemErrorText.last)
        }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        closedir(directory)
        for name in names {
            let child = "\(path)/\(name)"
            if unlink(child) == 0 { continue }
            guard errno == EISDIR || errno == EPERM else {
                throw .file(path: child, operation: "remove", reason: SystemErrorText.last)
            }
            try Self.remove(child)
        }
        guard rmdir(path) == 0 else { throw .file(path: path, operation: "remove", reason: SystemErrorText.last) }
    }
}
