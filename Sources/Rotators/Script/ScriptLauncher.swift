import Glibc

/// What stands between the daemon and a script: sets umask and limits, takes the way to new privileges, then becomes the script.
///
/// This is the seam for the sandbox (`rotator-protocol.md` §4.4): another launcher, the same command line.
package struct ScriptLauncher: Hashable, Sendable {
    /// What is enforced, for `rotator show` and `doctor`.
    package enum Level: String, Hashable, Sendable {
        /// umask only: util-linux is not installed.
        case none
        /// umask, no_new_privs and resource limits.
        case limits
    }

    package let level: Level

    package init(level: Level) {
        self.level = level
    }

    /// The strongest level that this machine has the programs for.
    package static func detected() -> ScriptLauncher {
        let isComplete = access(ScriptLauncher.setpriv, X_OK) == 0 && access(ScriptLauncher.prlimit, X_OK) == 0
        return ScriptLauncher(level: isComplete ? .limits : .none)
    }

    private static let setpriv = "/usr/bin/setpriv"
    private static let prlimit = "/usr/bin/prlimit"
    /// EX_OSERR of sysexits.h.
    private static let systemError = 71

    /// The command that runs `path` with `verb` as its only argument.
    func command(path: String, verb: ScriptVerb, wallTime: Duration) -> (executable: String, arguments: [String]) {
        let become = #"exec "$0" "$@""#
        switch self.level {
        case .none:
            return ("/bin/sh", ["-c", "umask 077; \(become)", path, verb.rawValue])
        case .limits:
            // CPU time as much as wall time. NPROC counts all processes of the user, the daemon's own threads among them.
            let limits = [
                "--core=0", "--nofile=256", "--fsize=67108864", "--nproc=256", "--as=1073741824",
                "--cpu=\(max(1, wallTime.components.seconds))",
            ].joined(separator: " ")
            // prlimit ends with 1 where the daemon's own limits are lower. From a script that would mean a refused password (I4).
            let limit = "\(ScriptLauncher.prlimit) --pid $$ \(limits) || exit \(ScriptLauncher.systemError)"
            let chain = [ScriptLauncher.setpriv, "--no-new-privs", "--", path, verb.rawValue]
            return ("/bin/sh", ["-c", "umask 077; \(limit); \(become)"] + chain)
        }
    }
}
