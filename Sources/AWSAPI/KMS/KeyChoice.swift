import Encryption
import KeyManagement
import SecretModel

extension AccessRule.KeyChoice {
    /// The key under which a ciphertext is, which says so itself.
    static func ofCiphertext(for action: String? = nil) -> Self {
        Self(action: action) { input throws(APIError) in
            input.bytes("CiphertextBlob").flatMap { Ciphertext($0) }.map { KeyReference($0.key) }
        }
    }

    static func named(_ member: String, for action: String) -> Self {
        Self(action: action) { input throws(APIError) in try input.optionalKey(member) }
    }
}
