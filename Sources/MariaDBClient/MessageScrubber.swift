package import SecretModel

/// Takes secrets out of what the server says: a syntax error, for one, quotes the statement (W6).
package struct MessageScrubber: Sendable {
    private let secrets: [SecretValue]

    package init(secrets: [SecretValue]) {
        self.secrets = secrets
    }

    /// The message without the secrets, and without anything that looks like a password hash.
    package func scrub(_ message: String) -> String {
        var bytes = Array(message.utf8)
        for secret in self.secrets where !secret.bytes.isEmpty {
            bytes = MessageScrubber.replace(secret.bytes, in: bytes)
        }
        return String(decoding: MessageScrubber.withoutHashes(bytes), as: UTF8.self)
    }

    private static let mark = Array("<redacted>".utf8)

    private static func replace(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: secret) {
                output.append(contentsOf: self.mark)
                index += secret.count
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    /// Replaces every run of 30 or more characters of the alphabets of hashes (hexadecimal, base64).
    private static func withoutHashes(_ bytes: [UInt8]) -> [UInt8] {
        func isHashCharacter(_ byte: UInt8) -> Bool {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "*"): true
            default: false
            }
        }
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let run = bytes[index...].prefix(while: isHashCharacter)
            if run.count >= 30 {
                output.append(contentsOf: self.mark)
            } else {
                output.append(contentsOf: run)
            }
            index += run.count
            if index < bytes.count {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }
}
