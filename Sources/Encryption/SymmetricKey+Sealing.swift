import Crypto

extension SymmetricKey {
    /// AES-256-GCM with a fresh random nonce: nonce (12 bytes), ciphertext, tag (16 bytes).
    func seal(_ plain: [UInt8], _ associated: AssociatedData) throws -> [UInt8] {
        let box = try AES.GCM.seal(plain, using: self, authenticating: associated.bytes)
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// - Throws: What swift-crypto throws if a single bit of the ciphertext, the key or the associated data differs.
    func open(_ sealed: [UInt8], _ associated: AssociatedData) throws -> [UInt8] {
        let box = try AES.GCM.SealedBox(combined: sealed)
        return Array(try AES.GCM.open(box, using: self, authenticating: associated.bytes))
    }

    var plainBytes: [UInt8] { self.withUnsafeBytes { Array($0) } }
}
