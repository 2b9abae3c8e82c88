/// One child process to run to its end: no shell, no inherited environment, its own session, bounded output, a deadline.
///
/// Neither arguments nor environment may hold a secret value (I8): values go through `input`.
package struct ChildProcess: Sendable {
    /// An absolute path.
    package let executable: String
    package let arguments: [String]
    /// The whole environment of the child: nothing is inherited.
    package let environment: [String: String]
    package let workingDirectory: String
    /// Written to stdin, which is then closed. A child that does not read it is no error.
    package let input: [UInt8]
    package let limits: Limits

    /// What a child may use.
    package struct Limits: Hashable, Sendable {
        /// Bytes of stdout beyond which the child is ended.
        package var output: Int
        /// Bytes of stderr kept at each end.
        package var diagnostics: Int
        /// From SIGTERM to SIGKILL of the process group.
        package var grace: Duration

        package init(output: Int = 256 * 1_024, diagnostics: Int = 32 * 1_024, grace: Duration = .seconds(10)) {
            self.output = output
            self.diagnostics = diagnostics
            self.grace = grace
        }
    }

    /// How a child ended.
    package enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// It was ended because its time was over.
        case timedOut
        /// It was ended because it wrote more to stdout than it may.
        case outputTooLong
    }

    /// What a child left.
    package struct Outcome: Sendable {
        package let ending: Ending
        package let output: [UInt8]
        package let diagnostics: BoundedCapture
    }

    /// Why a child could not be run at all.
    package enum Failure: Error, Hashable, Sendable {
        /// The executable or the working directory is missing or may not be used.
        case notStarted(String)
        /// The task that ran it was cancelled; the child's process group was ended.
        case cancelled
    }

    package init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        workingDirectory: String,
        input: [UInt8],
        limits: Limits = Limits()
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.input = input
        self.limits = limits
    }
}
