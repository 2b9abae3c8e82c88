import Crypto
package import SecretModel

/// The stored form of a `mysql_native_password` password: `*` and 40 upper-case hexadecimal digits of SHA1(SHA1(password)).
///
/// Computed here, so that the password itself never travels in a statement and never reaches the server's general log (I8, W4).
package struct NativePasswordHash: Hashable, Sendable {
    package let text: String

    /// The hash of the value's bytes.
    package init(of password: SecretValue) {
        let once = Insecure.SHA1.hash(data: password.bytes)
        let twice = Insecure.SHA1.hash(data: Array(once))
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = [UInt8(ascii: "*")]
        for byte in twice {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        self.text = String(decoding: text, as: UTF8.self)
    }
}
