import MariaDBClient
import RotationModel

extension MariaDBError {
    /// Whose login it was that failed, for the words and the code of the failure.
    enum Party {
        case account(DatabaseSecret.Source)
        case admin

        var phrase: String {
            switch self {
            case .account(let source): source.phrase
            case .admin: DatabaseSecret.Source.admin.phrase
            }
        }
    }

    /// The failure in the words of the rotation contract, with the cause kept (W5).
    func failure(of party: Party) -> RotationFailure {
        let applied: RotationFailure.Applied = self.isBeforeLogin ? .no : .unknown
        switch self.kind {
        case .refused:
            guard case .account = party else {
                return RotationFailure(.adminAuthFailed, "the server refuses the admin secret: \(self)", hint: "correct the admin secret")
            }
            return RotationFailure(.authFailed, "the server refuses \(party.phrase): \(self)")
        case .locked:
            return RotationFailure(.accountLocked, "the account of \(party.phrase) is locked, expired or blocked: \(self)")
        case .permission:
            return RotationFailure(.permissionDenied, "\(party.phrase) may not do this: \(self)", applied: applied == .no ? .no : .unknown)
        case .policy where self.code == 1819:
            return RotationFailure(.policyRejected, "the server's password policy rejects the pending value: \(self)")
        case .policy:
            return RotationFailure(.unsupported, "the server does not let this account's password be set: \(self)")
        case .unreachable:
            return RotationFailure(.targetUnreachable, "no conversation with the server: \(self)", applied: applied)
        case .timeout where self.code == MariaDBError.statementLimitReached:
            return RotationFailure(
                .timeout,
                "the server did not finish a statement in time: \(self)",
                hint: "look in SHOW PROCESSLIST for who holds a lock: a backup, FLUSH TABLES WITH READ LOCK, LOCK TABLES",
                applied: applied
            )
        case .timeout:
            return RotationFailure(.timeout, "\(self)", applied: applied)
        case .tls where self.code == MariaDBError.tlsRequired:
            return RotationFailure(.preconditionFailed, "\(party.phrase): \(self.message)", hint: "remove `ssl: false` from the secret")
        case .tls:
            return RotationFailure(
                .targetUnreachable,
                "TLS with the server failed, and clear text is never used instead: \(self)",
                hint: "check the server's certificate, `tls_ca_file` in the rules, and `ssl` in the secret"
            )
        case .notFound:
            return RotationFailure(
                .notFound,
                "a statement names something that does not exist: \(self)",
                isRetryable: false,
                applied: applied
            )
        case .invalid:
            return RotationFailure(.configInvalid, "\(self)")
        // ER_OPTION_PREVENTS_STATEMENT, which other options share, and ER_READ_ONLY_MODE.
        case .other where self.code == 1836 || (self.code == 1290 && self.message.contains("--read-only")):
            return RotationFailure(
                .preconditionFailed,
                "the server is read-only: \(self)",
                hint: "a replica, or a server under maintenance: name the primary in the secret's `host`"
            )
        case .other:
            return RotationFailure(.internalError, "the server answered: \(self)", applied: applied)
        }
    }
}
