import ArgumentParser
import Daemon

/// How a command tells that it failed: what and why in one sentence, and what to do next, on standard error.
struct CommandFailure: Error {
    let summary: String
    let nextStep: String?
    let exitCode: Int32

    init(_ summary: String, nextStep: String? = nil, exitCode: Int32) {
        self.summary = summary
        self.nextStep = nextStep
        self.exitCode = exitCode
    }

    /// Writes a failure of ours, and turns it into the exit code; what else there is (usage, help) is ArgumentParser's.
    static func report(_ error: any Error) -> any Error {
        let failure: CommandFailure
        switch error {
        case let error as CommandFailure: failure = error
        case let error as DaemonError: failure = CommandFailure(error.summary, nextStep: error.nextStep, exitCode: error.exitCode)
        default: return error
        }
        StandardStream.error.write("error: \(failure.summary)\n")
        if let next = failure.nextStep { StandardStream.error.write(" next: \(next)\n") }
        return ExitCode(failure.exitCode)
    }
}
