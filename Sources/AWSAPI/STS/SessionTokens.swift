package import Access
package import Encryption
import Foundation
package import SecretModel

/// Temporary credentials: what they are is sealed into the session token that clients send with each request, so nothing is stored, and every
/// node knows them.
package struct SessionTokens: Sendable {
    /// What a client gets, to sign with until `expiresAt`.
    package struct Credentials: Sendable {
        package let key: AccessKey
        /// The value of `X-Amz-Security-Token`.
        package let token: SecretValue
        package let expiresAt: Timestamp
    }

    /// What a token says.
    package struct Session: Sendable {
        package let key: AccessKey
        package let holder: Holder
        package let issuedAt: Timestamp
        package let expiresAt: Timestamp
    }

    /// Whose session it is.
    package enum Holder: Hashable, Sendable {
        /// The user's of a long-lived access key, which asked for it: the session ends with the key.
        case user(accessKeyID: String)
        case role(RoleSession)
    }

    private let keyring: Keyring
    /// Of the sessions that ask again and again.
    let policies = PolicyCache()

    package init(keyring: Keyring) {
        self.keyring = keyring
    }

    /// - Throws: `EncryptionError.cannotSeal`.
    package func issue(
        for holder: Holder,
        lasting duration: Duration,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(EncryptionError) -> Credentials {
        let session = Session(key: AccessKey(temporaryUsing: &generator), holder: holder, issuedAt: now, expiresAt: now + duration)
        let sealed = try self.keyring.sealToken(SecretValue(string: session.json.text))
        return Credentials(
            key: session.key,
            token: SecretValue(string: Data(sealed).base64EncodedString()),
            expiresAt: session.expiresAt
        )
    }

    /// - Returns: `nil` for what is no token of this store.
    package func session(_ token: String) -> Session? {
        guard let sealed = Data(base64Encoded: token), let opened = self.keyring.openToken(Array(sealed)) else { return nil }
        do throws(JSONSyntaxError) { return Session(try JSONValue(parsing: opened.bytes)) } catch { return nil }
    }
}
