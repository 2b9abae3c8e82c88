import Access
import Encryption
import SecretModel

extension SessionTokens {
    /// New credentials as the operations answer them. Dates are text in the query protocol, in whole seconds.
    func answer(_ holder: Holder, seconds: Int, _ context: CallContext) throws(APIError) -> JSONValue {
        var generator = SystemRandomNumberGenerator()
        let credentials: Credentials
        do throws(EncryptionError) {
            credentials = try self.issue(for: holder, lasting: .seconds(seconds), at: context.now, using: &generator)
        } catch {
            throw APIError(internal: error.description)
        }
        return .output(
            ("AccessKeyId", .string(credentials.key.id)),
            ("SecretAccessKey", credentials.key.secret.string.map { .string($0) }),
            ("SessionToken", credentials.token.string.map { .string($0) }),
            ("Expiration", .string(credentials.expiresAt.rfc3339))
        )
    }
}

extension JSONValue {
    /// What the audit trail shows of credentials: the key's id, so that what is done with it can be found; never its secret, nor, unlike
    /// AWS, its token (I8).
    var recordedCredentials: JSONValue {
        .output(("accessKeyId", self["AccessKeyId"]), ("expiration", self["Expiration"]))
    }
}
