import Glibc
package import SecretModel

/// How scripts are run: the same for all scripts of a daemon.
package struct ScriptEnvironment: Sendable {
    /// Where the fresh working directory of each step is made; best on a tmpfs (the unit's RuntimeDirectory).
    package var workRoot: String
    /// `https_proxy`, `no_proxy` and the like. Never a secret value (I8).
    package var variables: [String: String]
    package var launcher: ScriptLauncher
    /// Wall-clock time, for the deadline that a request carries.
    package var now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - workRoot: An existing directory.
    ///   - variables: Added to the built environment of `rotator-protocol.md` §4.1; they cannot replace any of it.
    ///   - launcher: What stands between the daemon and the script.
    ///   - now: Wall-clock time.
    package init(
        workRoot: String = "/tmp",
        variables: [String: String] = [:],
        launcher: ScriptLauncher = .detected(),
        now: @escaping @Sendable () -> Timestamp = ScriptEnvironment.systemTime
    ) {
        self.workRoot = workRoot
        self.variables = variables
        self.launcher = launcher
        self.now = now
    }

    /// The system's wall clock.
    package static let systemTime: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// The environment of one step: built, not inherited.
    func variables(verb: ScriptVerb, workingDirectory: String, run: VersionID?, isDryRun: Bool) -> [String: String] {
        var variables = self.variables
        variables["PATH"] = "/usr/local/bin:/usr/bin:/bin"
        variables["LANG"] = "C.UTF-8"
        variables["TZ"] = "UTC"
        variables["HOME"] = workingDirectory
        variables["TMPDIR"] = workingDirectory
        variables["KEYTURN_PROTOCOL"] = ScriptManifest.protocolName
        variables["KEYTURN_STEP"] = verb.rawValue
        variables["KEYTURN_DRY_RUN"] = isDryRun ? "1" : "0"
        variables["KEYTURN_RUN_ID"] = run?.description
        return variables
    }
}
