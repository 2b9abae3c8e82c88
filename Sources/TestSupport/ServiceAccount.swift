package import Glibc

/// An account of the operating system that a server runs as when the tests run as root.
package struct ServiceAccount: Hashable, Sendable {
    package let name: String
    package let user: uid_t
    package let group: gid_t

    /// - Returns: `nil` unless the tests run as root: then the server runs as the tests do.
    package static func forServer(_ preferred: String) -> ServiceAccount? {
        guard geteuid() == 0 else { return nil }
        return [preferred, "nobody"].lazy.compactMap { ServiceAccount(named: $0) }.first
    }

    private init?(named name: String) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        self.name = name
        self.user = entry.pw_uid
        self.group = entry.pw_gid
    }

    /// The words before a command that make it run as this account.
    package var commandPrefix: [String] {
        ["/usr/bin/setpriv", "--reuid=\(self.user)", "--regid=\(self.group)", "--clear-groups", "--"]
    }
}
