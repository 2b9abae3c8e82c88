import Encryption
import KeyManagement
import SecretModel

extension AccessRule.KeyChoice {
    /// The key under which a ciphertext is, which says so itself; where that is ignored, the one that a member names.
    ///
    /// - Parameter context: The member with the encryption context, where the operation uses several keys.
    static func ofCiphertext(or member: String = "KeyId", for action: String? = nil, in context: String? = nil) -> Self {
        let key: @Sendable (APIInput) throws(APIError) -> KeyReference? = { input throws(APIError) in
            if input.ignoresCiphertext { return try input.key(member) }
            return input.bytes("CiphertextBlob").flatMap { Ciphertext($0) }.map { KeyReference($0.key) }
        }
        return Self(action: action, key: key, encryptionContext: context.map { .encryptionContext($0) })
    }

    static func named(_ member: String, for action: String, in context: String) -> Self {
        let key: @Sendable (APIInput) throws(APIError) -> KeyReference? = { input throws(APIError) in try input.optionalKey(member) }
        return Self(action: action, key: key, encryptionContext: .encryptionContext(context))
    }
}
