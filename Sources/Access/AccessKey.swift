package import SecretModel

/// The id and the secret of an access key, in the forms that AWS uses, which clients and secret scanners know.
package struct AccessKey: Sendable {
    /// `AKIA` and 16 characters of the base-32 alphabet.
    package let id: String
    /// 40 characters: 236 bits, all letters and digits, so that it needs no quoting anywhere.
    package let secret: SecretValue

    package init(id: String, secret: SecretValue) {
        self.id = id
        self.secret = secret
    }

    package init(using generator: inout some RandomNumberGenerator) {
        self.init(prefix: "AKIA", using: &generator)
    }

    /// A key that works only together with its session token: `ASIA` and 16 characters.
    package init(temporaryUsing generator: inout some RandomNumberGenerator) {
        self.init(prefix: "ASIA", using: &generator)
    }

    private init(prefix: String, using generator: inout some RandomNumberGenerator) {
        self.id = prefix + Self.draw(16, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", using: &generator)
        self.secret = SecretValue(
            string: Self.draw(40, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", using: &generator)
        )
    }

    private static func draw(_ count: Int, from alphabet: String, using generator: inout some RandomNumberGenerator) -> String {
        let alphabet = Array(alphabet.utf8)
        let bytes = (0..<count).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
