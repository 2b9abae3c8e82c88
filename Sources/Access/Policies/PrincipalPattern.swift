package import SecretModel

/// One entry of a `Principal` element. There are no wildcards within: an entry names everybody, or one.
package enum PrincipalPattern: Hashable, Sendable {
    case everybody
    /// All identities of an account, if their own policies allow it.
    case account(AccountID)
    /// A user, a role, a session of a role or a federated user, by ARN. ARNs are compared byte by byte.
    case identity(String)
    case service(String)
    case federated(String)
    case canonicalUser(String)
    /// What stands in the place of a user or a role that was deleted: it names nobody any more, not even a later one of the same name.
    case deleted(uniqueID: String)

    /// How a policy names a principal.
    enum Reach: Int, Comparable {
        case none
        /// By its account only: that leaves the decision to the account's own policies.
        case account
        /// By its role, or as one of everybody: limits of the session go on to hold.
        case role
        /// The user or the session itself: no other limit holds.
        case direct

        static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    func reach(of principal: Principal) -> Reach {
        switch self {
        case .everybody: return .role
        case .account(let account):
            guard account == principal.account else { return .none }
            if case .root = principal { return .direct }
            return .account
        case .identity(let arn):
            if arn.utf8.elementsEqual(principal.arn.utf8) { return .direct }
            return arn.utf8.elementsEqual(principal.identityARN.utf8) ? .role : .none
        case .service, .federated, .canonicalUser, .deleted: return .none
        }
    }
}

extension PrincipalPattern {
    /// - Parameters:
    ///   - kind: `AWS`, `Service`, `Federated` or `CanonicalUser`.
    ///   - text: The entry.
    /// - Returns: `nil` if no principal of that kind is written so.
    init?(_ kind: String, _ text: String) {
        guard !text.isEmpty else { return nil }
        if text == "*", kind != "CanonicalUser" {
            self = .everybody
            return
        }
        guard !text.utf8.contains(UInt8(ascii: "*")), !text.utf8.contains(UInt8(ascii: "?")) else { return nil }
        switch kind {
        case "Service": self = .service(text)
        case "Federated": self = .federated(text)
        case "CanonicalUser": self = .canonicalUser(text)
        case "AWS":
            if let account = AccountID(text) {
                self = .account(account)
            } else if case .root(let account)? = Principal(arn: text) {
                self = .account(account)
            } else if Self.namesIdentity(text) {
                self = .identity(text)
            } else if Self.isUniqueID(text) {
                self = .deleted(uniqueID: text)
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// `AIDA` or `AROA` and letters and digits.
    private static func isUniqueID(_ text: String) -> Bool {
        (16...128).contains(text.utf8.count) && ["AIDA", "AROA"].contains(String(text.prefix(4)))
            && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
    }

    private static func namesIdentity(_ arn: String) -> Bool {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1] == "aws", parts[3].isEmpty, AccountID(String(parts[4])) != nil else {
            return false
        }
        let names = parts[5].split(separator: "/", omittingEmptySubsequences: false)
        guard names.allSatisfy({ !$0.isEmpty }) else { return false }
        return switch (parts[2], names.first) {
        case ("iam", "user"), ("iam", "role"): names.count >= 2
        case ("sts", "assumed-role"): names.count >= 3
        case ("sts", "federated-user"): names.count == 2
        default: false
        }
    }
}
