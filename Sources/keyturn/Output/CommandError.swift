import AdminClient
import ArgumentParser
import Daemon

/// What a command says when it fails, on standard error: what, why, what next; and the exit code (sysexits).
struct CommandError: Error {
    enum Code: Int32 {
        case failed = 1
        case differences = 2
        case usage = 64
        case unavailable = 69
        case software = 70
        case timedOut = 75
        case noPermission = 77
        case configuration = 78
    }

    let exitCode: Int32
    let what: String
    let why: String?
    let next: String?

    init(_ code: Code, _ what: String, why: String? = nil, next: String? = nil) {
        self.exitCode = code.rawValue
        self.what = what
        self.why = why
        self.next = next
    }

    private init(_ error: DaemonError) {
        self.exitCode = error.exitCode
        self.what = error.summary
        self.why = nil
        self.next = error.nextStep
    }

    /// Writes a failure of ours, and turns it into the exit code; what else there is (usage, help) is ArgumentParser's.
    static func report(_ error: any Error) -> any Error {
        let failure: CommandError
        switch error {
        case let error as CommandError: failure = error
        case let error as DaemonError: failure = CommandError(error)
        case let error as ClientError: failure = CommandError(error)
        default: return error
        }
        StandardStream.error.line("error: \(failure.what)")
        if let why = failure.why { StandardStream.error.line("  why:  \(why)") }
        if let next = failure.next { StandardStream.error.line("  next: \(next)") }
        return ExitCode(failure.exitCode)
    }
}

extension CommandError {
    fileprivate init(_ error: ClientError) {
        switch error {
        case .settings(let reason):
            self.init(.configuration, reason)
        case .unreachable(let endpoint, let reason):
            self.init(.unavailable, "nobody answers at \(endpoint)", why: reason, next: "is keyturn serve (or keyturn dev) running there?")
        case .refused(let code, let message, let requestID):
            let next = requestID.map { "the daemon's log has more under request \($0)" }
            self.init(
                error.isAuthenticationFailure ? .noPermission : .failed,
                "\(message.isEmpty ? code : message)   [\(code)]",
                next: code == "InternalServiceError" ? next : nil
            )
        case .unexpectedAnswer(let reason):
            self.init(.software, "the server's answer makes no sense: \(reason)", next: "is the endpoint a Keyturn daemon?")
        }
    }
}

extension StandardStream {
    /// Writes a line.
    func line(_ text: String = "") {
        self.write(text + "\n")
    }
}
