import Crypto

/// One generation of the material of a KMS key, as the store keeps it: 32 bytes, encrypted by the root key, bound to key and generation.
package struct KeyMaterial: Hashable, Sendable {
    package let key: KeyID
    /// From 1. A rotation makes the next one; older ones go on decrypting.
    package let generation: Int
    package let wrapped: [UInt8]

    package init(key: KeyID, generation: Int, wrapped: [UInt8]) {
        self.key = key
        self.generation = generation
        self.wrapped = wrapped
    }

    init(_ plain: SymmetricKey, key: KeyID, generation: Int, wrappingKey: SymmetricKey) throws(EncryptionError) {
        do {
            let wrapped = try wrappingKey.seal(plain.plainBytes, Self.associatedData(key, generation))
            self.init(key: key, generation: generation, wrapped: wrapped)
        } catch {
            throw .cannotSeal(key)
        }
    }

    func unwrapped(by wrappingKey: SymmetricKey) throws(EncryptionError) -> SymmetricKey {
        do {
            return SymmetricKey(data: try wrappingKey.open(self.wrapped, Self.associatedData(self.key, self.generation)))
        } catch {
            throw .keyDoesNotUnwrap(self.key)
        }
    }

    private static func associatedData(_ key: KeyID, _ generation: Int) -> AssociatedData {
        AssociatedData(purpose: "keyturn kms key material", ["1", key.description, String(generation)])
    }
}
