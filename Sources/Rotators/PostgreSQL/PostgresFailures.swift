import PostgresClient
import RotationModel

extension RotationFailure {
    /// - Parameters:
    ///   - action: What was being done: `logging in as app with the current value`.
    ///   - isAdmin: Whether it was done with the admin secret.
    init(_ error: PostgresError, _ action: String, isAdmin: Bool = false) {
        let state = error.sqlState.map { " (SQLSTATE \($0))" } ?? ""
        self.init(
            Self.code(of: error, isAdmin: isAdmin),
            "\(action): \(error.message)\(state)",
            hint: Self.hint(for: error),
            applied: error.isOutcomeUnknown ? .unknown : .no
        )
    }

    private static func code(of error: PostgresError, isAdmin: Bool) -> Code {
        switch error.kind {
        case .refused: isAdmin ? .adminAuthFailed : .authFailed
        case .locked: .accountLocked
        case .permission: .permissionDenied
        case .policy: .policyRejected
        case .unreachable: .targetUnreachable
        case .timedOut, .cancelled: .timeout
        // Certificates are renewed, standbys promoted and pg_hba.conf mended while we wait.
        case .tls, .readOnly: .preconditionFailed
        case .conflict: .conflict
        case .notFound: .notFound
        case .other: error.sqlState == "28000" ? .preconditionFailed : .internalError
        }
    }

    private static func hint(for error: PostgresError) -> String? {
        switch (error.kind, error.sqlState) {
        case (.tls, _):
            "Give the authority that signed the server's certificate as option `tls_ca_file`; the certificate must name the host. "
                + "`\"ssl\": false` in the secret's value allows clear text."
        case (.readOnly, _): "The server is a standby or read-only: name the primary in the secret's `host`."
        case (.other, "28000"): "Look at the server's pg_hba.conf: it has no password rule for this account and our address."
        case (.other, "08P01"), (.other, "0A000"): "Rotate on the server itself, not through a connection pooler."
        case (.locked, _): "The account has NOLOGIN."
        default: nil
        }
    }
}
