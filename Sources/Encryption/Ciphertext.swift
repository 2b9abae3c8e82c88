/// What KMS's Encrypt answers: it says by itself which key and generation decrypt it.
///
/// On the wire: format (1 byte, 1), length of the key id (1 byte), key id, generation (4 bytes, big-endian), then nonce, ciphertext and tag.
package struct Ciphertext: Hashable, Sendable {
    package let key: KeyID
    package let generation: Int
    let sealed: [UInt8]

    private static let format: UInt8 = 1

    init(key: KeyID, generation: Int, sealed: [UInt8]) {
        self.key = key
        self.generation = generation
        self.sealed = sealed
    }

    /// - Returns: `nil` if the bytes are no ciphertext of this form.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count > 2, bytes[0] == Self.format else { return nil }
        let idEnd = 2 + Int(bytes[1])
        guard bytes.count > idEnd + 4, let id = String(validating: bytes[2..<idEnd], as: UTF8.self),
            let generation = Generation.read(bytes[idEnd...])
        else { return nil }
        self.init(key: KeyID(id), generation: generation, sealed: Array(bytes[(idEnd + 4)...]))
    }

    package var bytes: [UInt8] {
        let id = Array(self.key.description.utf8)
        return [Self.format, UInt8(truncatingIfNeeded: id.count)] + id + Generation.bytes(self.generation) + self.sealed
    }
}

/// The number of a generation of key material in four bytes, big-endian.
enum Generation {
    static func bytes(_ generation: Int) -> [UInt8] {
        let number = UInt32(truncatingIfNeeded: generation)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    /// - Returns: `nil` if there are fewer than four bytes.
    static func read(_ bytes: some Collection<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}
