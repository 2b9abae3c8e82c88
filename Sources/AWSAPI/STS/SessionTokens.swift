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
        /// The long-lived access key that asked for it: the session is its user's, and ends with it.
        package let parent: String
        package let issuedAt: Timestamp
        package let expiresAt: Timestamp
    }

    private let keyring: Keyring

    package init(keyring: Keyring) {
        self.keyring = keyring
    }

    /// - Throws: `EncryptionError.cannotSeal`.
    package func issue(
        for parent: String,
        lasting duration: Duration,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(EncryptionError) -> Credentials {
        let key = AccessKey(temporaryUsing: &generator)
        let expiresAt = now + duration
        let content: JSONValue = [
            "key": .string(key.id), "secret": .string(String(decoding: key.secret.bytes, as: UTF8.self)), "parent": .string(parent),
            "issued": .integer(now.microseconds), "expires": .integer(expiresAt.microseconds),
        ]
        let sealed = try self.keyring.sealToken(SecretValue(string: content.text))
        return Credentials(key: key, token: SecretValue(string: Data(sealed).base64EncodedString()), expiresAt: expiresAt)
    }

    /// - Returns: `nil` for what is no token of this store.
    package func session(_ token: String) -> Session? {
        guard let sealed = Data(base64Encoded: token), let opened = self.keyring.openToken(Array(sealed)) else { return nil }
        let content: JSONValue
        do throws(JSONSyntaxError) { content = try JSONValue(parsing: opened.bytes) } catch { return nil }
        guard let key = content["key"]?.stringValue, let secret = content["secret"]?.stringValue,
            let parent = content["parent"]?.stringValue, let issued = content["issued"]?.integerValue,
            let expires = content["expires"]?.integerValue
        else { return nil }
        return Session(
            key: AccessKey(id: key, secret: SecretValue(string: secret)),
            parent: parent,
            issuedAt: Timestamp(microseconds: issued),
            expiresAt: Timestamp(microseconds: expires)
        )
    }
}

extension SessionTokens {
    /// The credential of a session: the rights are those that its user has now.
    ///
    /// - Parameter parent: Finds the access key that asked for the session; the session ends when that key is made inactive.
    /// - Returns: `nil` if the token is not this store's, or another key's.
    package func credential(
        _ id: String,
        _ token: String,
        parent: (String) async throws -> AccessCredential?
    ) async throws -> AccessCredential? {
        guard let session = self.session(token), session.key.id == id, let user = try await parent(session.parent) else { return nil }
        return AccessCredential(
            accessKeyID: id,
            secret: session.key.secret,
            principal: user.principal,
            temporary: AccessCredential.Temporary(
                token: SecretValue(string: token),
                session: AccessSession(policies: nil, issuedAt: session.issuedAt, expiresAt: session.expiresAt)
            )
        )
    }
}
