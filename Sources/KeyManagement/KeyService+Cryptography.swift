package import Auditing
package import Encryption
package import SecretModel
import Storage

extension KeyService {
    /// A ciphertext, or a text, with the ARN of the key that it was made with.
    package struct Made<Content: Sendable>: Sendable {
        package let content: Content
        package let keyARN: String
    }

    /// Encrypts with the newest generation of a key.
    package func encrypt(
        _ plain: SecretValue,
        context: EncryptionContext,
        with reference: KeyReference,
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) -> Made<Ciphertext> {
        try await self.read(origin) { store in try self.encrypt(plain, context, with: reference, origin, store) }
    }

    /// Decrypts with the key and generation that the ciphertext names.
    ///
    /// - Parameter expected: The key that the caller wants it to be; `nil` for whatever it is.
    package func decrypt(
        _ bytes: [UInt8],
        context: EncryptionContext,
        with expected: KeyReference?,
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) -> Made<SecretValue> {
        try await self.read(origin) { store in try self.decrypt(bytes, context, with: expected, origin, store) }
    }

    /// Checks what the state of keys has to say about using them.
    package func checkUsable(_ references: [KeyReference], _ origin: RequestOrigin) async throws(KeyServiceError) {
        try await self.read(origin) { store in
            for reference in references { try store.usableKey(reference, in: origin.scope).checkUsable() }
        }
    }

    /// Decrypts and encrypts anew, in one snapshot; the plain text does not leave.
    package func reEncrypt(
        _ bytes: [UInt8],
        from source: (context: EncryptionContext, key: KeyReference?),
        to destination: (context: EncryptionContext, key: KeyReference),
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) -> (made: Made<Ciphertext>, sourceARN: String) {
        try await self.read(origin) { store in
            let plain = try self.decrypt(bytes, source.context, with: source.key, origin, store)
            let made = try self.encrypt(plain.content, destination.context, with: destination.key, origin, store)
            return (made, plain.keyARN)
        }
    }

    /// New random bytes, and the same encrypted.
    package func dataKey(
        bytes count: Int,
        context: EncryptionContext,
        with reference: KeyReference,
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) -> (plain: SecretValue, made: Made<Ciphertext>) {
        let plain = self.randomBytes(count)
        return (plain, try await self.encrypt(plain, context: context, with: reference, origin))
    }

    package func randomBytes(_ count: Int) -> SecretValue {
        var random = self.use.random
        return SecretValue(binary: (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    private func encrypt(
        _ plain: SecretValue,
        _ context: EncryptionContext,
        with reference: KeyReference,
        _ origin: RequestOrigin,
        _ store: some ReadableStore
    ) throws -> Made<Ciphertext> {
        let key = try store.usableKey(reference, in: origin.scope)
        try key.checkUsable()
        let ciphertext = try self.keyring.encrypt(plain, context: context, under: key.id, generation: key.generation) {
            try store.material(key.generation, of: key.id)
        }
        return Made(content: ciphertext, keyARN: key.arn)
    }

    private func decrypt(
        _ bytes: [UInt8],
        _ context: EncryptionContext,
        with expected: KeyReference?,
        _ origin: RequestOrigin,
        _ store: some ReadableStore
    ) throws -> Made<SecretValue> {
        let isForeign = expected?.scope.map { $0.account != origin.scope.account } ?? false
        let wanted: AccountKeyRecord?
        do {
            wanted = try expected.map { try store.usableKey($0, in: origin.scope) }
        } catch let error as KeyServiceError {
            // Whether another account has such a key is its own affair.
            throw isForeign ? KeyServiceError.incorrectKey : error
        }
        guard let ciphertext = Ciphertext(bytes) else { throw KeyServiceError.invalidCiphertext }
        if let wanted, wanted.id != ciphertext.key { throw KeyServiceError.incorrectKey }
        guard let key = try store.accountKey(ciphertext.key), key.scope.region == origin.scope.region else {
            throw KeyServiceError.ciphertextOfUnknownKey
        }
        try key.checkUsable()
        do {
            let plain = try self.keyring.decrypt(ciphertext, context: context) { try store.material(ciphertext.generation, of: key.id) }
            return Made(content: plain, keyARN: key.arn)
        } catch EncryptionError.doesNotOpen, EncryptionError.unknownKey {
            throw KeyServiceError.invalidCiphertext
        }
    }
}
