import AWSAPI
import Access
import Identities
import SecretModel
import Storage

/// How calls about identities name them: `UserName` or `RoleName`, and `AccountId` for another account than the caller's.
extension IdentityID.Kind {
    /// `User`, as it stands in the names of operations and members.
    var noun: String { self == .user ? "User" : "Role" }
    var member: MemberRule { .text("\(self.noun)Name", 1...64, isRequired: true) }
}

extension MemberRule {
    static let accountID = MemberRule.text("AccountId", 12...12, matching: TextPattern("[0-9]{12}") { AccountID($0) != nil })
    static let policyName = MemberRule.text("PolicyName", 1...128, isRequired: true)
    /// The user or the role that a call is about.
    static let holder: [MemberRule] = [.text("UserName", 1...64), .text("RoleName", 1...64), .accountID]
    /// In seconds; AWS's limits.
    static let longestSession = MemberRule.number("MaxSessionDuration", 3_600...43_200)
    static let accessKeyID = MemberRule.text("AccessKeyId", 16...128, isRequired: true)
    static let tags = MemberRule.structures("Tags", 0...50, of: [.text("Key", 1...128), .text("Value", 0...256)])

    static func policyDocument(_ name: String = "PolicyDocument", isRequired: Bool = true) -> MemberRule {
        .text(name, 1...131_072, isRequired: isRequired)
    }
}

extension APIInput {
    func account(else caller: AccountID) -> AccountID { self.string("AccountId").flatMap(AccountID.init) ?? caller }

    func identity(_ kind: IdentityID.Kind, _ caller: AccountID) throws(APIError) -> IdentityID {
        IdentityID(account: self.account(else: caller), kind: kind, name: try self.required("\(kind.noun)Name"))
    }

    /// The user or the role, of which the call names one.
    func identity(_ caller: AccountID) throws(APIError) -> IdentityID {
        guard self.has("UserName") != self.has("RoleName") else {
            throw APIError(.invalidParameter, "Name a user or a role, and not both.")
        }
        return try self.identity(self.has("UserName") ? .user : .role, caller)
    }
}

extension AccessRule {
    private static func identities(
        _ resource: @escaping @Sendable (APIInput, AccountID) throws(APIError) -> (arn: String, account: AccountID)
    ) -> AccessRule {
        .other(isOpenToUserSessions: false, resource)
    }

    static func identity(_ kind: IdentityID.Kind) -> AccessRule {
        .identities { input, caller throws(APIError) in
            let id = try input.identity(kind, caller)
            return (id.arn, id.account)
        }
    }

    /// The identity that a policy is attached to.
    static let holder = AccessRule.identities { input, caller throws(APIError) in
        let id = try input.identity(caller)
        return (id.arn, id.account)
    }

    static let managedPolicy = AccessRule.identities { input, caller throws(APIError) in
        let account = input.account(else: caller)
        return ("arn:aws:iam::\(account):policy/\(try input.required("PolicyName"))", account)
    }

    /// All identities of an account, or all its policies.
    static func all(_ kind: String) -> AccessRule {
        .identities { input, caller throws(APIError) in
            let account = input.account(else: caller)
            return ("arn:aws:iam::\(account):\(kind)/*", account)
        }
    }
}
