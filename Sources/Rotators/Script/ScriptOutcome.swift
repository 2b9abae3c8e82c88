import Processes
import RotationModel
import SecretModel

/// What a script's answer means: the precedence of `rotator-protocol.md` §2.6.
struct ScriptOutcome {
    let verb: ScriptVerb
    let ending: ChildProcess.Ending
    let output: [UInt8]
    /// The last line of stderr that is not empty, redacted.
    let lastLine: String?

    /// The members of an answer with status `ok`; an empty object for an empty answer.
    func answer() throws(RotationFailure) -> JSONValue {
        switch self.ending {
        case .timedOut:
            throw RotationFailure(.timeout, "\(self.verb.rawValue) took longer than it may and was ended.", applied: self.doubt)
        case .outputTooLong:
            throw self.breach("it wrote more than 256 KiB to stdout")
        case .exited, .signalled: break
        }
        let parsed = Result { () throws(JSONSyntaxError) in try JSONValue(parsing: self.output) }
        if case .success(let json) = parsed, let status = json["status"]?.stringValue {
            switch status {
            case "ok": return json
            case "error": throw self.failure(json["error"] ?? .object([]))
            default: throw self.breach("its `status` is neither ok nor error")
            }
        }
        guard self.ending == .exited(0) else { throw self.failureOfExit() }
        if self.output.allSatisfy({ $0 == 0x20 || (0x09...0x0d).contains($0) }) { return .object([]) }
        switch parsed {
        case .success: throw self.breach("the JSON on its stdout has no `status`")
        // The reason names an offset, never what stood there.
        case .failure(let error): throw self.breach("its stdout is not one JSON object (\(error))")
        }
    }

    /// How a process ended, as the end of a sentence.
    static func words(for ending: ChildProcess.Ending) -> String {
        switch ending {
        case .exited(let code): "ended with exit status \(code)"
        case .signalled(let signal): "was killed by signal \(signal)"
        case .timedOut: "took longer than it may and was ended"
        case .outputTooLong: "wrote more than it may to stdout and was ended"
        }
    }

    /// Whether the target may have changed when a step did not say: I4 then probes first.
    private var doubt: RotationFailure.Applied {
        switch self.verb {
        case .setSecret, .retire: .unknown
        default: .no
        }
    }

    private func breach(_ reason: String) -> RotationFailure {
        RotationFailure(
            .protocolError,
            "\(self.verb.rawValue) broke the rotator protocol: \(reason).",
            hint: "Correct the rotator.",
            applied: self.doubt
        )
    }

    private func failure(_ error: JSONValue) -> RotationFailure {
        let name = error["code"]?.stringValue ?? ""
        guard name.hasPrefix("x_") || ScriptOutcome.reserved.contains(name) else {
            return self.breach("its `error.code` is neither reserved nor begins with x_")
        }
        return RotationFailure(
            RotationFailure.Code(rawValue: name),
            error["message"]?.stringValue ?? "\(self.verb.rawValue) failed.",
            hint: error["hint"]?.stringValue,
            isRetryable: error["retryable"]?.boolValue,
            retryAfter: error["retry_after_s"]?.integerValue.flatMap { (0...86_400).contains($0) ? .seconds($0) : nil },
            applied: error["applied"]?.stringValue.flatMap(RotationFailure.Applied.init(rawValue:)) ?? self.doubt
        )
    }

    private func failureOfExit() -> RotationFailure {
        let message = self.lastLine ?? "\(self.verb.rawValue) \(ScriptOutcome.words(for: self.ending))."
        guard case .exited(let status) = self.ending else {
            return RotationFailure(.internalError, message, applied: self.doubt)
        }
        return RotationFailure(self.code(of: status), message, applied: self.doubt)
    }

    private func code(of status: Int32) -> RotationFailure.Code {
        switch status {
        case 1 where self.verb == .testSecret || self.verb == .probe: .authFailed
        case 64: .unsupported
        case 69: .targetUnreachable
        case 75: .conflict
        case 76: .protocolError
        case 77: .permissionDenied
        case 65, 78: .configInvalid
        default: .internalError
        }
    }

    private static let reserved: Set<String> = Set(
        [
            RotationFailure.Code.configInvalid, .permissionDenied, .adminAuthFailed, .unsupported, .policyRejected, .targetUnreachable,
            .timeout, .rateLimited, .conflict, .preconditionFailed, .authFailed, .accountLocked, .notFound, .protocolError, .internalError,
        ].map(\.rawValue)
    )
}
