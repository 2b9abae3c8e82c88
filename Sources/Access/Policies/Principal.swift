package import SecretModel

/// Who acts.
package enum Principal: Hashable, Sendable {
    /// The account itself: needs no policy, and only an explicit deny stops it.
    case root(AccountID)
    case user(AccountID, name: String)
    /// A session of a role.
    case assumedRole(AccountID, role: String, session: String)

    package var account: AccountID {
        switch self {
        case .root(let account), .user(let account, _), .assumedRole(let account, _, _): account
        }
    }

    /// As errors, policies and the audit trail name it.
    package var arn: String {
        switch self {
        case .root(let account): "arn:aws:iam::\(account):root"
        case .user(let account, let name): "arn:aws:iam::\(account):user/\(name)"
        case .assumedRole(let account, let role, let session): "arn:aws:sts::\(account):assumed-role/\(role)/\(session)"
        }
    }

    /// The ARN of what policies are attached to: the user, or the role of a session. The value of `aws:PrincipalArn`.
    package var identityARN: String {
        switch self {
        case .root, .user: self.arn
        case .assumedRole(let account, let role, _): "arn:aws:iam::\(account):role/\(role)"
        }
    }

    /// `aws:username`, which sessions of roles do not have.
    package var userName: String? {
        guard case .user(_, let name) = self else { return nil }
        return name
    }

    /// The value of `aws:userid`, which GetCallerIdentity tells as `UserId`: of a session of a role, with its name.
    ///
    /// - Parameter uniqueID: Of the user or the role.
    package func userID(_ uniqueID: String) -> String {
        switch self {
        case .root(let account): account.description
        case .user: uniqueID
        case .assumedRole(_, _, let session): "\(uniqueID):\(session)"
        }
    }

    /// The value of `aws:PrincipalType`.
    package var type: String {
        switch self {
        case .root: "Account"
        case .user: "User"
        case .assumedRole: "AssumedRole"
        }
    }

    /// - Parameter arn: Of a user, of a session of a role, or of an account (`…:root`).
    /// - Returns: `nil` for anything else.
    package init?(arn: String) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[1] == "aws", parts[3].isEmpty, let account = AccountID(parts[4]) else {
            return nil
        }
        let names = parts[5].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch (parts[2], names.first, names.count) {
        case ("iam", "root", 1): self = .root(account)
        case ("iam", "user", 2): self = .user(account, name: names[1])
        case ("sts", "assumed-role", 3): self = .assumedRole(account, role: names[1], session: names[2])
        default: return nil
        }
    }
}
