/// The full ARN of a secret: `arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 random>` (`aws-api.md` §3.2).
package struct SecretARN: ValidatedText {
    package let scope: SecretScope
    package let name: SecretName
    /// Six letters or digits, drawn when the secret is created: a secret that is made again gets another.
    package let suffix: String
    /// The whole: kept, because nothing of a secret is asked for as often.
    package let description: String

    /// - Parameter text: The whole, where it is there already.
    private init(_ scope: SecretScope, _ name: SecretName, _ suffix: String, text: String? = nil) {
        self.scope = scope
        self.name = name
        self.suffix = suffix
        self.description = text ?? "arn:aws:secretsmanager:\(scope.region):\(scope.account):secret:\(name)-\(suffix)"
    }

    /// - Returns: `nil` unless the suffix is six ASCII letters or digits.
    package init?(scope: SecretScope, name: SecretName, suffix: String) {
        self.init(scope: scope, name: name, suffix: suffix, text: nil)
    }

    fileprivate init?(scope: SecretScope, name: SecretName, suffix: String, text: String?) {
        guard suffix.utf8.count == 6, suffix.utf8.allSatisfy(isASCIIAlphanumeric) else { return nil }
        self.init(scope, name, suffix, text: text)
    }

    /// Parses a full ARN, suffix included.
    package init?(_ text: String) {
        guard case .arn(let arn)? = SecretReference(text) else { return nil }
        self = arn
    }

    package init(name: SecretName, scope: SecretScope, using generator: inout some RandomNumberGenerator) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let bytes = (0..<6).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        self.init(scope, name, String(decoding: bytes, as: UTF8.self))
    }

    /// The same secret in another account or region.
    package init(_ other: SecretARN, in scope: SecretScope) {
        self.init(scope, other.name, other.suffix)
    }

    /// No two ARNs have the same text.
    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.description == rhs.description }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.description) }
}

/// What a caller gives as `SecretId` (`aws-api.md` §3.3).
package enum SecretReference: Hashable, Sendable {
    /// An exact name in the request's account and region.
    case name(SecretName)
    /// A complete ARN: compared as a whole.
    case arn(SecretARN)
    /// An ARN without the random suffix: the secret of exactly that name.
    case partialARN(SecretScope, SecretName)

    /// - Returns: `nil` if the text holds characters that no name and no ARN may have.
    package init?(_ text: String) {
        guard text.utf8.starts(with: "arn:".utf8) else {
            guard let name = SecretName(text) else { return nil }
            self = .name(name)
            return
        }
        // By bytes where they lie: finding the characters of a text takes longer than all the rest.
        var bytes = text
        let parts = bytes.withUTF8 { bytes in
            bytes.split(separator: UInt8(ascii: ":"), maxSplits: 6, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        guard parts.count == 7, parts[1] == "aws", parts[2] == "secretsmanager", parts[5] == "secret",
            let region = RegionName(parts[3]), let account = AccountID(parts[4])
        else { return nil }
        let scope = SecretScope(account: account, region: region)
        let whole = parts[6].utf8
        // The suffix comes off first: with it, the ARN of a secret with a long name is longer than a name may be.
        if whole.count > 7, let name = SecretName(String(Substring(whole.dropLast(7)))),
            whole.dropLast(6).last == UInt8(ascii: "-"),
            let arn = SecretARN(scope: scope, name: name, suffix: String(Substring(whole.suffix(6))), text: text)
        {
            self = .arn(arn)
        } else if let name = SecretName(parts[6]) {
            self = .partialARN(scope, name)
        } else {
            return nil
        }
    }
}
