import Glibc

/// The files of an installation.
package struct DataDirectory: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var store: String { self.path + "/keyturn.db" }
    package var rootKey: String { self.path + "/root.key" }
    package var authorityCertificate: String { self.path + "/ca.pem" }
    package var authorityKey: String { self.path + "/ca-key.pem" }
    /// Certificate and key together.
    package var serverIdentity: String { self.path + "/server.pem" }
    package var configuration: String { self.path + "/keyturn.yaml" }

    /// Where `init` makes everything before it moves it into place.
    var staging: DataDirectory { DataDirectory(self.path + "/.init") }

    /// What `init` makes, in the order in which it is moved into place: the store comes last, and with it the installation exists.
    var installedFiles: [String] { [self.rootKey, self.authorityKey, self.authorityCertificate, self.store] }

    /// Whether `init` has completed here.
    package var isInstalled: Bool { access(self.store, F_OK) == 0 }

    /// The PEM text that clients must trust.
    package func readAuthorityCertificate() throws(DaemonError) -> String {
        guard self.isInstalled else { throw .notInstalled(directory: self.path) }
        return String(decoding: try PrivateFile.read(self.authorityCertificate), as: UTF8.self)
    }

    /// Makes the directory with mode 0700, or checks one that is there.
    ///
    /// - Returns: Whether it was made.
    func make() throws(DaemonError) -> Bool {
        if mkdir(self.path, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw .file(path: self.path, operation: "make the directory", reason: SystemErrorText.last) }
        try self.checkMode()
        return false
    }

    /// - Throws: `DaemonError.directoryOpenToOthers` if others could read or replace files of this installation.
    func checkMode() throws(DaemonError) {
        var status = stat()
        guard stat(self.path, &status) == 0 else {
            throw errno == ENOENT
                ? .notInstalled(directory: self.path)
                : .file(path: self.path, operation: "examine", reason: SystemErrorText.last)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .file(path: self.path, operation: "use", reason: "it is not a directory")
        }
        guard status.st_mode & 0o077 == 0 else { throw .directoryOpenToOthers(path: self.path, mode: status.st_mode & 0o7777) }
    }
}
