import Crypto

/// The key at the top: it wraps the KMS keys and is never in the store. Nothing prints it.
package struct RootKey: Sendable {
    let key: SymmetricKey

    init(_ key: SymmetricKey) {
        self.key = key
    }

    /// A new key of 32 bytes from the system's random source.
    package static func random() -> RootKey {
        RootKey(SymmetricKey(size: .bits256))
    }

    /// One key per purpose, so that what is done with one says nothing about another (HKDF, RFC 5869).
    func key(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: self.key, info: Array("keyturn \(purpose)".utf8), outputByteCount: 32)
    }
}

/// The store keeps this value to tell the right root key from a wrong one. It does not help to find the key.
extension RootKey {
    private static let checkedText = Array("keyturn root key check v1".utf8)

    package var checkValue: [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: RootKey.checkedText, using: self.key(for: "check")))
    }

    /// Compares in constant time.
    ///
    /// - Throws: `EncryptionError.wrongRootKey`. The caller must then stop: a new key is never made over existing data.
    package func verify(checkValue: [UInt8]) throws(EncryptionError) {
        let isRight = HMAC<SHA256>.isValidAuthenticationCode(
            checkValue,
            authenticating: RootKey.checkedText,
            using: self.key(for: "check")
        )
        guard isRight else { throw .wrongRootKey }
    }
}

extension RootKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
