/// Why a step failed: the reserved error codes of `rotator-protocol.md` §2.5, with what a person needs to know.
package struct RotationFailure: Error, Hashable, Sendable, Codable {
    package struct Code: RawRepresentable, Hashable, Sendable, Codable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let configInvalid = Code(rawValue: "config_invalid")
        package static let permissionDenied = Code(rawValue: "permission_denied")
        package static let adminAuthFailed = Code(rawValue: "admin_auth_failed")
        package static let unsupported = Code(rawValue: "unsupported")
        package static let policyRejected = Code(rawValue: "policy_rejected")
        package static let targetUnreachable = Code(rawValue: "target_unreachable")
        package static let timeout = Code(rawValue: "timeout")
        package static let rateLimited = Code(rawValue: "rate_limited")
        package static let conflict = Code(rawValue: "conflict")
        package static let preconditionFailed = Code(rawValue: "precondition_failed")
        package static let authFailed = Code(rawValue: "auth_failed")
        package static let accountLocked = Code(rawValue: "account_locked")
        package static let notFound = Code(rawValue: "not_found")
        package static let protocolError = Code(rawValue: "protocol_error")
        package static let internalError = Code(rawValue: "internal")

        /// Whether trying again can help when the rotator does not say.
        package var isRetryableByDefault: Bool {
            switch self {
            case .configInvalid, .permissionDenied, .adminAuthFailed, .unsupported: false
            default: true
            }
        }
    }

    /// Whether the target had changed when the step failed. *Unknown* forces a probe before anything else (I4).
    package enum Applied: String, Hashable, Sendable, Codable {
        case no, yes, unknown
    }

    package let code: Code
    /// One sentence: what failed and why. Never a secret value (I8).
    package let message: String
    /// What a person should do next; the code's own advice unless there is better.
    package let hint: String?
    package let isRetryable: Bool
    package let retryAfter: Duration?
    package let applied: Applied

    package init(
        _ code: Code,
        _ message: String,
        hint: String? = nil,
        isRetryable: Bool? = nil,
        retryAfter: Duration? = nil,
        applied: Applied = .no
    ) {
        self.code = code
        self.message = message
        self.hint = hint ?? code.standardHint
        self.isRetryable = isRetryable ?? code.isRetryableByDefault
        self.retryAfter = retryAfter
        self.applied = applied
    }
}

extension RotationFailure {
    /// What a probe that ended in this failure says about the candidate (`rotator-protocol.md` §2.7, `design.md` §7).
    package var probeOutcome: ProbeOutcome {
        switch self.code {
        case .authFailed: .refused
        case .accountLocked: .locked
        case .targetUnreachable, .timeout: .unreachable
        default: .other
        }
    }
}
