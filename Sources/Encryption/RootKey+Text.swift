import Crypto
import FoundationEssentials

extension RootKey {
    private static let prefix = "keyturn-root-key-v1:"

    /// The text of a root key, as files, systemd credentials and external commands carry it: `keyturn-root-key-v1:` and base64.
    ///
    /// - Parameter text: The whole content; one line break at its end is allowed, nothing else.
    /// - Returns: `nil` if it has another form or not 32 bytes.
    package init?(text: [UInt8]) {
        var line = text[...]
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        guard line.starts(with: RootKey.prefix.utf8) else { return nil }
        let encoded = Data(line.dropFirst(RootKey.prefix.utf8.count))
        guard let bytes = Data(base64Encoded: encoded), bytes.count == 32 else { return nil }
        self.init(SymmetricKey(data: bytes))
    }

    /// The plain text form, for the root key file only.
    var textForm: [UInt8] {
        Array((RootKey.prefix + Data(self.key.plainBytes).base64EncodedString() + "\n").utf8)
    }
}
