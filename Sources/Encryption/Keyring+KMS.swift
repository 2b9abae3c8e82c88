import Crypto
package import SecretModel

/// What is done with the KMS keys of accounts. The store keeps their material; the keyring unwraps it, and remembers it in the clear.
extension Keyring {
    /// New random material.
    package func makeMaterial(of key: KeyID, generation: Int) throws(EncryptionError) -> KeyMaterial {
        try KeyMaterial(SymmetricKey(size: .bits256), key: key, generation: generation, wrappingKey: self.wrappingKey)
    }

    /// Format 2: as format 1, but the data key is encrypted by a generation of a KMS key of an account, whose number stands before it.
    ///
    /// - Parameters:
    ///   - key: A key of an account, and the generation that new values use.
    ///   - material: Asked for that generation's material if the keyring does not remember it.
    /// - Throws: `EncryptionError`, or what `material` throws.
    package func seal(
        _ value: SecretValue,
        for binding: Binding,
        under key: KeyID,
        generation: Int,
        material: () throws -> KeyMaterial
    ) throws -> SealedValue {
        let kmsKey = try self.unwrapped(key, generation, material)
        let sealed = try self.seal(value, for: binding, under: kmsKey, id: key, format: SealedValue.accountKeyFormat)
        return SealedValue(
            format: sealed.format,
            keyID: key,
            wrappedDataKey: Generation.bytes(generation) + sealed.wrappedDataKey,
            ciphertext: sealed.ciphertext
        )
    }

    /// Opens a value of format 2.
    ///
    /// - Parameter material: Asked for the material of the value's key and `generation` if the keyring does not remember it.
    /// - Throws: `EncryptionError`, or what `material` throws.
    package func open(
        _ sealed: SealedValue,
        for binding: Binding,
        generation: Int,
        material: () throws -> KeyMaterial
    ) throws -> SecretValue {
        let kmsKey = try self.unwrapped(sealed.keyID, generation, material)
        return try self.open(sealed, dataKey: sealed.wrappedDataKey.dropFirst(4), for: binding, under: kmsKey)
    }

    /// KMS's Encrypt.
    ///
    /// - Parameter context: Needed again, all of it, to decrypt; the order does not matter.
    package func encrypt(
        _ plain: SecretValue,
        context: EncryptionContext,
        under key: KeyID,
        generation: Int,
        material: () throws -> KeyMaterial
    ) throws -> Ciphertext {
        let kmsKey = try self.unwrapped(key, generation, material)
        do {
            let sealed = try kmsKey.seal(plain.bytes, context.associatedData(key, generation))
            return Ciphertext(key: key, generation: generation, sealed: sealed)
        } catch {
            throw EncryptionError.cannotSeal(key)
        }
    }

    /// KMS's Decrypt.
    ///
    /// - Throws: `EncryptionError.doesNotOpen` if the ciphertext was altered or the context is another; what `material` throws.
    package func decrypt(_ ciphertext: Ciphertext, context: EncryptionContext, material: () throws -> KeyMaterial) throws -> SecretValue {
        let kmsKey = try self.unwrapped(ciphertext.key, ciphertext.generation, material)
        do {
            let associated = context.associatedData(ciphertext.key, ciphertext.generation)
            return SecretValue(binary: try kmsKey.open(ciphertext.sealed, associated))
        } catch {
            throw EncryptionError.doesNotOpen(ciphertext.key)
        }
    }

    private func unwrapped(_ key: KeyID, _ generation: Int, _ material: () throws -> KeyMaterial) throws -> SymmetricKey {
        try self.materials.key(key, generation) {
            let material = try material()
            guard material.key == key, material.generation == generation else { throw EncryptionError.unknownKey(key) }
            return try material.unwrapped(by: self.wrappingKey)
        }
    }
}

/// The pairs that a caller of KMS binds to a ciphertext.
package struct EncryptionContext: Hashable, Sendable {
    private let pairs: [[UInt8]: [UInt8]]

    /// - Parameter pairs: Compared byte by byte; the last of two pairs with the same name counts.
    package init(_ pairs: [(name: String, value: String)] = []) {
        self.pairs = Dictionary(pairs.map { (Array($0.name.utf8), Array($0.value.utf8)) }) { _, last in last }
    }

    fileprivate func associatedData(_ key: KeyID, _ generation: Int) -> AssociatedData {
        let sorted = self.pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return AssociatedData(
            purpose: "keyturn kms ciphertext",
            ["1", key.description, String(generation)]
                + sorted.flatMap { [String(decoding: $0.key, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)] }
        )
    }
}
