import CPlatform
import Glibc

/// What a process that holds secrets does before anything else (`swift.md` §0.4, §2.1).
package enum ProcessHardening {
    /// Writing to a closed pipe or socket fails with an error instead of killing the process.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

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
