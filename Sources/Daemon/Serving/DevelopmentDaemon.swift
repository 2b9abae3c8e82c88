import Glibc
package import Logging

/// `keyturn dev`: a daemon for developers and tests, which leaves nothing behind.
package enum DevelopmentDaemon {
    /// Serves until it is stopped.
    ///
    /// - Parameters:
    ///   - directory: An installation or a place for one, which stays; `nil` for a scratch directory, which is removed at the end.
    ///   - settings: Made from the directory.
    ///   - onReady: Called once, when requests are answered.
    package static func run(
        directory: String?,
        logger: Logger,
        settings: (DataDirectory) throws(DaemonError) -> Settings,
        onReady: @escaping @Sendable (Daemon.Ready) -> Void
    ) async throws(DaemonError) {
        guard let directory else {
            let scratch = try Self.makeScratchDirectory()
            do throws(DaemonError) {
                try await Self.serve(try settings(DataDirectory(scratch)), logger, onReady)
            } catch {
                try DirectoryTree.remove(scratch)
                throw error
            }
            return try DirectoryTree.remove(scratch)
        }
        try await Self.serve(try settings(DataDirectory(directory)), logger, onReady)
    }

    private static func serve(
        _ settings: Settings,
        _ logger: Logger,
        _ onReady: @escaping @Sendable (Daemon.Ready) -> Void
    ) async throws(DaemonError) {
        if !settings.data.isInstalled {
            _ = try await NewInstallation.make(in: settings.data, now: SystemClock.now())
        }
        try await Daemon(settings: settings, logger: logger).run(onReady: onReady)
    }

    private static func makeScratchDirectory() throws(DaemonError) -> String {
        let parent = ProcessEnvironment.current["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(parent)/keyturn-dev-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .file(path: parent, operation: "make a scratch directory in", reason: SystemErrorText.last)
        }
        return String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
