import Crypto
import CryptoExtras
import Foundation
import SecretModel

/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5803, as PostgreSQL writes it: manual, `pg_authid.rolpassword`).
///
/// libpq's own `PQencryptPasswordConn` takes as long as half a login with OpenSSL 3, most of it for starting 8,192 HMACs one by one; the
/// time is the account's, which waits for its new password.
struct ScramVerifier {
    let text: String

    /// PostgreSQL's default, which up to version 15 cannot be changed.
    static let defaultIterations = 4_096

    /// - Parameter iterations: The server's `scram_iterations`.
    /// - Returns: `nil` for a password that SASLprep (RFC 4013) might change: libpq knows how.
    /// - Throws: What the derivation of the key throws.
    init?(of password: SecretValue, iterations: Int) throws {
        guard let characters = password.string?.utf8, !characters.isEmpty, characters.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            return nil
        }
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        let salted = try KDF.Insecure.PBKDF2.deriveKey(
            from: Array(characters),
            salt: salt,
            using: .sha256,
            outputByteCount: SHA256.byteCount,
            unsafeUncheckedRounds: iterations
        )
        let clientKey = HMAC<SHA256>.authenticationCode(for: Array("Client Key".utf8), using: salted)
        let storedKey = Data(SHA256.hash(data: Data(clientKey)))
        let serverKey = Data(HMAC<SHA256>.authenticationCode(for: Array("Server Key".utf8), using: salted))
        let keys = "\(storedKey.base64EncodedString()):\(serverKey.base64EncodedString())"
        self.text = "SCRAM-SHA-256$\(iterations):\(salt.base64EncodedString())$\(keys)"
    }
}
