import Crypto
import SecretModel

/// Stages 2 to 4 of SigV4: hash, string to sign, signing key, signature.
enum Signature {
    static let algorithm = "AWS4-HMAC-SHA256"

    /// The bytes of the signature of a canonical request.
    static func bytes(of canonicalRequest: String, amzDate: String, scope: CredentialScope, key: SymmetricKey) -> [UInt8] {
        let stringToSign = "\(Self.algorithm)\n\(amzDate)\n\(scope)\n\(Self.hash(Array(canonicalRequest.utf8)))"
        return Self.mac(stringToSign, key)
    }

    /// Lower-case hexadecimal SHA-256.
    static func hash(_ bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: bytes))
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The signing key of an access key for a scope.
    static func key(for scope: CredentialScope, secret: SecretValue) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4".utf8) + secret.bytes)
        for part in [scope.day, scope.region, scope.service, CredentialScope.terminator] {
            key = SymmetricKey(data: Self.mac(part, key))
        }
        return key
    }

    private static func mac(_ text: String, _ key: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    /// Takes a time that depends on the lengths only, so that a forger cannot find a signature byte by byte.
    static func isSame(_ mine: [UInt8], as theirs: [UInt8]) -> Bool {
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
