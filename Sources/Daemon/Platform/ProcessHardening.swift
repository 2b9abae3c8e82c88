import CPlatform
import Glibc

/// What a process that holds secrets does before anything else (`swift.md` §0.4, §2.1).
package enum ProcessHardening {
    /// Writing to a closed pipe or socket fails with an error instead of killing the process.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// A daemon with many clients, runs and scripts has many open files: the limit goes up as far as it may without privileges, but not so
    /// far that a child that closes every number up to its limit takes long.
    ///
    /// - Throws: `DaemonError.platform`.
    static func raiseFileLimit() throws(DaemonError) {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { throw .platform("read the limit of open files: \(SystemErrorText.last)") }
        let wanted = min(limit.rlim_max, Self.fileLimit)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        guard setrlimit(resource, &limit) == 0 else { throw .platform("raise the limit of open files: \(SystemErrorText.last)") }
    }

    /// As `LimitNOFILE` of the systemd unit.
    private static let fileLimit: rlim_t = 65_536

    /// No plain value gets into a core file, and no other process of the same user can attach (I8).
    ///
    /// - Throws: `DaemonError.platform`.
    package static func forbidCoreDumps() throws(DaemonError) {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0, keyturn_forbid_dumps() == 0 else {
            throw .platform("forbid core dumps: \(SystemErrorText.last)")
        }
    }
}
