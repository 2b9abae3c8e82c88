import CPostgres
import SecretModel

/// One open connection, confined to one closure on one thread. Closed when it goes out of scope.
package struct PostgresConnection: ~Copyable {
    let handle: OpaquePointer
    let limits: OperationLimits
    /// After how long the server ends a statement by itself.
    let statementLimit: Duration
    /// What must not appear in an error's message.
    let secrets: [String]

    init(handle: OpaquePointer, limits: OperationLimits, statementLimit: Duration, secrets: [String]) {
        self.handle = handle
        self.limits = limits
        self.statementLimit = statementLimit
        self.secrets = secrets
    }

    deinit {
        PQfinish(self.handle)
    }

    /// Whether the server asked for a password. If it did not (trust, peer, certificate), the login proves nothing about the password.
    package var usedPassword: Bool { PQconnectionUsedPassword(self.handle) == 1 }

    package var usesTLS: Bool { PQsslInUse(self.handle) == 1 }

    /// The server's version as libpq counts: 150020 is 15.20.
    package var serverVersion: Int { Int(PQserverVersion(self.handle)) }
}

extension PostgresError {
    /// The same error without the secrets in its message (I8).
    func scrubbed(of secrets: [String]) -> PostgresError {
        var text = self.message
        for secret in secrets where !secret.isEmpty {
            text = text.replacing(secret, with: "<redacted>")
        }
        return PostgresError(self.kind, text, sqlState: self.sqlState, isOutcomeUnknown: self.isOutcomeUnknown)
    }
}
