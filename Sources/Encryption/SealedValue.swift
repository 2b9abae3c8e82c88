package import SecretModel

/// What a ciphertext belongs to. It is associated data of the encryption, so that a ciphertext opens in its own place only.
package enum Binding: Hashable, Sendable {
    /// The value of a version.
    case version(SecretARN, VersionID)
    /// The opaque state of a rotator's run.
    case runState(SecretARN, VersionID)
    /// The secret part of an access key.
    case accessKey(String)
}

/// The id of a KMS key, or of a key of the store itself.
package struct KeyID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) {
        self.description = text
    }

    /// A random id in the form of a UUID, as KMS keys have.
    package init(using generator: inout some RandomNumberGenerator) {
        self.description = VersionID(using: &generator).description
    }

    package init(from decoder: any Decoder) throws {
        self.description = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}

/// A value encrypted under its own data key, which is wrapped by a KMS key, or by one of the store itself (`design.md` §5).
package struct SealedValue: Hashable, Sendable {
    /// The data key is wrapped by a key of the store.
    static let storeKeyFormat = 1
    /// The data key is wrapped by a KMS key of an account, and the number of the generation of its material stands before it.
    static let accountKeyFormat = 2

    package let format: Int
    package let keyID: KeyID
    /// The data key, encrypted by the KMS key.
    package let wrappedDataKey: [UInt8]
    /// Nonce, ciphertext and tag of AES-256-GCM.
    package let ciphertext: [UInt8]

    package init(format: Int, keyID: KeyID, wrappedDataKey: [UInt8], ciphertext: [UInt8]) {
        self.format = format
        self.keyID = keyID
        self.wrappedDataKey = wrappedDataKey
        self.ciphertext = ciphertext
    }

    /// Which generation of its KMS key opens it; `nil` if a key of the store itself does.
    ///
    /// - Throws: `EncryptionError.unsupportedFormat`, `.doesNotOpen` if it is cut short.
    package func generation() throws(EncryptionError) -> Int? {
        switch self.format {
        case Self.storeKeyFormat: return nil
        case Self.accountKeyFormat:
            guard let generation = Generation.read(self.wrappedDataKey) else { throw .doesNotOpen(self.keyID) }
            return generation
        default: throw .unsupportedFormat(self.format)
        }
    }
}
