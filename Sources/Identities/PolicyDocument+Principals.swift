package import Access
import SecretModel
package import Storage

extension PolicyDocument {
    /// - Returns: The first user or role that the policy names and that does not exist: AWS refuses such a policy, which would else speak
    ///   of whoever gets that name.
    package func unknownPrincipal(in store: some ReadableStore) throws -> String? {
        try self.namedIdentities.first { name in
            guard let identity = IdentityID(policyARN: name) else { return !name.utf8.starts(with: "arn:".utf8) }
            return try store.identity(identity) == nil
        }
    }
}

extension IdentityID {
    /// - Parameter arn: Of a user, a role or a session of a role; `nil` for others, which nothing is known about.
    package init?(policyARN arn: String) {
        if let principal = Principal(arn: arn) {
            self.init(principal)
            return
        }
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[2] == "iam", let account = AccountID(String(parts[4])),
            let slash = parts[5].firstIndex(of: "/"), let kind = Kind(rawValue: String(parts[5][..<slash]))
        else { return nil }
        self.init(account: account, kind: kind, name: String(parts[5][parts[5].index(after: slash)...]))
    }
}
