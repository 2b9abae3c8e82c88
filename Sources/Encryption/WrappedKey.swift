import Crypto

/// A KMS key as the store keeps it: 32 bytes, encrypted by the root key, bound to the key's id.
package struct WrappedKey: Hashable, Sendable {
    package let id: KeyID
    package let bytes: [UInt8]
    package let isDefault: Bool

    package init(id: KeyID, bytes: [UInt8], isDefault: Bool) {
        self.id = id
        self.bytes = bytes
        self.isDefault = isDefault
    }

    init(_ key: SymmetricKey, id: KeyID, isDefault: Bool, rootKey: RootKey) throws(EncryptionError) {
        do {
            let bytes = try rootKey.key(for: WrappedKey.purpose).seal(key.plainBytes, WrappedKey.associatedData(id))
            self.init(id: id, bytes: bytes, isDefault: isDefault)
        } catch {
            throw .cannotSeal(id)
        }
    }

    func unwrapped(by rootKey: RootKey) throws(EncryptionError) -> SymmetricKey {
        do {
            return SymmetricKey(data: try rootKey.key(for: WrappedKey.purpose).open(self.bytes, WrappedKey.associatedData(self.id)))
        } catch {
            throw .keyDoesNotUnwrap(self.id)
        }
    }

    private static let purpose = "kms key wrapping v1"

    private static func associatedData(_ id: KeyID) -> AssociatedData {
        AssociatedData(purpose: "keyturn kms key", ["1", id.description])
    }
}
