import MariaDBClient
import RotationModel
import SecretModel

extension MariaDBStep {
    /// Whether a login as this account proves that the server holds this password (W11): by the server's definition of the account or, where
    /// that does not show it, by a wrong password that is refused.
    func isProof(_ account: OwnAccount, of secret: DatabaseSecret) async throws(RotationFailure) -> Bool {
        if account.proves(secret.password) { return true }
        return try await self.refusesWrongPassword(secret)
    }

    /// Whether the server refuses a password that cannot be right: otherwise a login proves nothing (W11).
    ///
    /// One failed login. Servers count them until the next one that succeeds (`max_password_errors`), so a step calls this once at most,
    /// and it ends with a good login.
    /// - Throws: What kept the server from answering.
    func refusesWrongPassword(_ secret: DatabaseSecret) async throws(RotationFailure) -> Bool {
        let wrong = SecretValue(string: "wrong-on-purpose-\(UInt64.random(in: .min ... .max))")
        let impostor: DatabaseSecret
        impostor = try DatabaseSecret(secret.replacing(password: wrong), as: secret.source, accepting: [.mariadb, .mysql])
        do {
            _ = try await self.account(of: impostor)
            return false
        } catch  where error.probeOutcome == .refused || error.probeOutcome == .locked {
            return true
        }
    }

    /// The text for a login that proves nothing.
    static let acceptsAnything = RotationFailure(
        .configInvalid,
        "the server accepts any password for this account, so that a login proves nothing",
        hint: "give the account a password: `SHOW CREATE USER` tells how it authenticates"
    )
}
