import Crypto
package import SecretModel

/// Why a text is not a recovery key. It says where, never what (I8).
package enum RecoveryKeyTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Count of letters and digits that were given.
    case wrongLength(Int)
    /// Position of the character, from 1, blanks and hyphens not counted.
    case unexpectedCharacter(position: Int)
    case mistyped

    package var description: String {
        switch self {
        case .wrongLength(let count): "a recovery key has 56 letters and digits, not \(count)"
        case .unexpectedCharacter(let position): "character \(position) is none of A-Z and 2-7"
        case .mistyped: "the recovery key's check letters do not fit: at least one character is wrong"
        }
    }
}

/// A form that people can write down and type: base32 (RFC 4648: no 0, 1, 8 and 9) in groups of four, the last four characters being check letters.
extension RecoveryKey {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let keyCharacters = 52
    private static let checkCharacters = 4

    /// The text to show once.
    package var text: SecretValue {
        let bytes = self.key.plainBytes
        let characters = RecoveryKey.base32(bytes, RecoveryKey.keyCharacters) + RecoveryKey.checkLetters(of: bytes)
        let groups = stride(from: 0, to: characters.count, by: 4).map { characters[$0..<min($0 + 4, characters.count)] }
        return SecretValue(string: groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-"))
    }

    /// Reads what a person typed: case, blanks and hyphens do not matter.
    package init(text: SecretValue) throws(RecoveryKeyTextError) {
        let typed = text.bytes.filter { !" -\t\r\n".utf8.contains($0) }
        let expected = RecoveryKey.keyCharacters + RecoveryKey.checkCharacters
        guard typed.count == expected else { throw .wrongLength(typed.count) }
        var digits: [UInt8] = []
        for (index, byte) in typed.enumerated() {
            let upper = (97...122).contains(byte) ? byte - 32 : byte
            guard let digit = RecoveryKey.alphabet.firstIndex(of: upper) else { throw .unexpectedCharacter(position: index + 1) }
            digits.append(UInt8(digit))
        }
        let bytes = RecoveryKey.bytes(ofDigits: digits.prefix(RecoveryKey.keyCharacters))
        let canonical = RecoveryKey.base32(bytes, RecoveryKey.keyCharacters) + RecoveryKey.checkLetters(of: bytes)
        guard canonical == digits.map({ RecoveryKey.alphabet[Int($0)] }) else { throw .mistyped }
        self.init(SymmetricKey(data: bytes))
    }

    private static func checkLetters(of bytes: [UInt8]) -> [UInt8] {
        self.base32(Array(SHA256.hash(data: Array("keyturn recovery key".utf8) + bytes)), self.checkCharacters)
    }

    /// The first `count` characters of the base32 form, without padding.
    private static func base32(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        (0..<count).map { index in
            let digit = (0..<5).reduce(0) { digit, bit in
                let position = index * 5 + bit
                let isSet = position / 8 < bytes.count && bytes[position / 8] & (0x80 >> UInt8(position % 8)) != 0
                return digit << 1 | (isSet ? 1 : 0)
            }
            return self.alphabet[digit]
        }
    }

    private static func bytes(ofDigits digits: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        for (index, digit) in digits.enumerated() {
            for bit in 0..<5 where digit & (0x10 >> UInt8(bit)) != 0 {
                let position = index * 5 + bit
                if position < 256 { bytes[position / 8] |= 0x80 >> UInt8(position % 8) }
            }
        }
        return bytes
    }
}
