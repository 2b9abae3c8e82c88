package import Encryption
package import SecretModel

/// What callers give as `KeyId`: a key id, a key ARN, an alias or an alias ARN.
package struct KeyReference: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        case key(KeyID)
        /// With `alias/` before it. Not checked: what no alias can be called is simply not found.
        case alias(String)
    }

    package let target: Target
    /// The account and region that an ARN names.
    package let scope: SecretScope?

    /// - Throws: `KeyServiceError.malformedARN` for what begins as an ARN and is none of a key or an alias.
    package init(_ text: String) throws(KeyServiceError) {
        guard text.utf8.starts(with: "arn:".utf8) else {
            self.target = Self.isAlias(text) ? .alias(text) : .key(KeyID(text))
            self.scope = nil
            return
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[1] == "aws", parts[2] == "kms", let region = RegionName(parts[3]), let account = AccountID(parts[4])
        else { throw .malformedARN(text) }
        self.scope = SecretScope(account: account, region: region)
        if Self.isAlias(parts[5]) {
            self.target = .alias(parts[5])
        } else if parts[5].utf8.starts(with: "key/".utf8) {
            self.target = .key(KeyID(String(parts[5].dropFirst(4))))
        } else {
            throw .malformedARN(text)
        }
    }

    /// A key by its id.
    package init(_ key: KeyID) {
        self.target = .key(key)
        self.scope = nil
    }

    /// The default key of the secrets of an account and region.
    package static let defaultOfSecrets = KeyReference(alias: AliasName.defaultOfSecrets)

    private init(alias: String) {
        self.target = .alias(alias)
        self.scope = nil
    }

    /// Whether it names the default key of the secrets of that account and region.
    package func isDefault(in scope: SecretScope) -> Bool {
        self.target == .alias(AliasName.defaultOfSecrets) && self.scope ?? scope == scope
    }

    private static func isAlias(_ text: String) -> Bool { text.utf8.starts(with: AliasName.prefix.utf8) }

    /// The ARN of what is meant by a caller of that account and region.
    package func arn(in scope: SecretScope) -> String {
        let scope = self.scope ?? scope
        let resource =
            switch self.target {
            case .key(let id): "key/\(id)"
            case .alias(let name): name
            }
        return "arn:aws:kms:\(scope.region):\(scope.account):\(resource)"
    }
}
