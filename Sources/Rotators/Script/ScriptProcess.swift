import FoundationEssentials
import Glibc
import Processes
import RotationModel
import SecretModel

/// Runs one verb of one script in a fresh working directory that is gone afterwards.
struct ScriptProcess: Sendable {
    let file: ScriptFile
    let environment: ScriptEnvironment

    /// - Parameters:
    ///   - verb: argv[1]; the only argument.
    ///   - request: The JSON for stdin, the only way on which values travel.
    ///   - run: The run's token.
    ///   - isDryRun: Whether nothing may be changed.
    ///   - wallTime: The most that the step may take.
    ///   - deadline: When it must have ended, if earlier.
    func run(
        _ verb: ScriptVerb,
        request: [UInt8],
        run: VersionID? = nil,
        isDryRun: Bool = false,
        wallTime: Duration,
        deadline: ContinuousClock.Instant? = nil
    ) async throws(ChildProcess.Failure) -> ChildProcess.Outcome {
        let directory = try self.makeWorkingDirectory()
        let end = ContinuousClock.now + wallTime
        let command = self.environment.launcher.command(path: self.file.path, verb: verb, wallTime: wallTime)
        let child = ChildProcess(
            executable: command.executable,
            arguments: command.arguments,
            environment: self.environment.variables(verb: verb, workingDirectory: directory, run: run, isDryRun: isDryRun),
            workingDirectory: directory,
            input: request
        )
        let outcome: Result<ChildProcess.Outcome, ChildProcess.Failure>
        do {
            outcome = .success(try await child.run(until: deadline.map { min($0, end) } ?? end))
        } catch {
            outcome = .failure(error)
        }
        try self.remove(directory)
        return try outcome.get()
    }

    /// mkdtemp makes it with mode 0700.
    private func makeWorkingDirectory() throws(ChildProcess.Failure) -> String {
        var template = Array("\(self.environment.workRoot)/keyturn-step-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .notStarted("cannot make a working directory in \(self.environment.workRoot): \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What a script leaves behind may hold a value, so failing to remove it is an error.
    private func remove(_ directory: String) throws(ChildProcess.Failure) {
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            throw .notStarted("cannot remove the working directory \(directory): \(error)")
        }
    }
}
