import Glibc
import NIOConcurrencyHelpers
import Subprocess
import SystemPackage

extension ChildProcess {
    /// Runs the child to its end. When the deadline passes, or the task is cancelled, its whole process group gets SIGTERM, and after the
    /// grace SIGKILL; what it left running in its session is killed too.
    package func run(until deadline: ContinuousClock.Instant) async throws(Failure) -> Outcome {
        _ = ChildProcess.ignoringBrokenPipes
        let capture = NIOLockedValueBox(Capture(diagnosticsLimit: self.limits.diagnostics))
        let end = await withTaskGroup(of: End?.self) { group in
            group.addTask { await self.perform(capture: capture) }
            group.addTask {
                do {
                    try await Task.sleep(until: deadline, clock: .continuous)
                    return .timedOut
                } catch {
                    return nil
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            await group.waitForAll()
            return first
        }
        if let pid = capture.withLockedValue({ $0.pid }) {
            // The child led its own session, so what is left of it is in the group of its id. An empty group is ESRCH: nothing to do.
            _ = kill(-pid, SIGKILL)
        }
        let (output, diagnostics) = capture.withLockedValue { ($0.output, $0.diagnostics) }
        func outcome(_ ending: Ending) -> Outcome { Outcome(ending: ending, output: output, diagnostics: diagnostics) }
        switch end {
        case .ended(.exited(let code)): return outcome(.exited(code))
        case .ended(.signaled(let signal)): return outcome(.signalled(signal))
        case .timedOut: return outcome(.timedOut)
        case .outputTooLong: return outcome(.outputTooLong)
        case .notStarted(let reason): throw .notStarted(reason)
        case nil: throw .cancelled
        }
    }

    /// A child that does not read its input must not end this process. Children start with the default disposition.
    private static let ignoringBrokenPipes: Void = {
        _ = signal(SIGPIPE, SIG_IGN)
    }()

    private enum End: Sendable {
        case ended(TerminationStatus)
        case timedOut
        case outputTooLong
        case notStarted(String)
    }

    private struct OutputTooLong: Error {}

    private struct Capture: Sendable {
        var pid: pid_t?
        var output: [UInt8] = []
        var diagnostics: BoundedCapture

        init(diagnosticsLimit: Int) {
            self.diagnostics = BoundedCapture(limit: diagnosticsLimit)
        }
    }

    /// - Returns: `nil` if it was cancelled.
    private func perform(capture: NIOLockedValueBox<Capture>) async -> End? {
        do {
            let result = try await Subprocess.run(
                self.configuration,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                capture.withLockedValue { $0.pid = execution.processIdentifier.value }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        do {
                            _ = try await execution.standardInputWriter.write(self.input)
                            try await execution.standardInputWriter.finish()
                        } catch {
                            // A child may end, or close stdin, without reading all of it: its exit status says how it went.
                            return
                        }
                    }
                    group.addTask {
                        for try await buffer in execution.standardOutput {
                            let bytes = buffer.withUnsafeBytes { Array($0) }
                            let size = capture.withLockedValue { capture in
                                capture.output += bytes.prefix(max(0, self.limits.output - capture.output.count + 1))
                                return capture.output.count
                            }
                            guard size > self.limits.output else { continue }
                            // At once: it may go on writing for ever, and the other reader waits for its end.
                            _ = kill(-execution.processIdentifier.value, SIGKILL)
                            throw OutputTooLong()
                        }
                    }
                    group.addTask {
                        for try await buffer in execution.standardError {
                            let bytes = buffer.withUnsafeBytes { Array($0) }
                            capture.withLockedValue { $0.diagnostics.append(bytes) }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            return .ended(result.terminationStatus)
        } catch is OutputTooLong {
            return .outputTooLong
        } catch let error as SubprocessError {
            return Task.isCancelled ? nil : .notStarted(error.description)
        } catch {
            return Task.isCancelled ? nil : .notStarted(String(describing: error))
        }
    }

    private var configuration: Subprocess.Configuration {
        var options = PlatformOptions()
        // Only a new session: ids and process groups take a path that deadlocks a threaded parent (swift-subprocess 1.0.2).
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: self.limits.grace)]
        return Subprocess.Configuration(
            executable: .path(FilePath(self.executable)),
            arguments: Arguments(self.arguments),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: self.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
            ),
            workingDirectory: FilePath(self.workingDirectory),
            platformOptions: options
        )
    }
}
