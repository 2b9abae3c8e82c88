import Access
import KeyManagement
package import SecretModel

/// What an operation asks leave for: declared beside it, decided by `Authorizer`, at the one place that all calls pass.
package struct AccessRule: Sendable {
    /// What the caller wants to do something with.
    enum Resource: Sendable {
        /// The secret that `SecretId` names; everything, where that member may be absent and is.
        case secret
        /// The secret that is to be called `Name`.
        case newSecret
        /// KMS keys and aliases, each for an action of its own, or the operation's where it has none; everything, where none is named.
        case keys([KeyChoice])
        /// No one resource: a policy can only say `*`.
        case everything
        /// The role that `RoleArn` names, whose trust policy must allow it too.
        case role
        /// Something else, by its ARN, and the account that it belongs to.
        case other(@Sendable (APIInput, _ caller: AccountID) throws(APIError) -> (arn: String, account: AccountID))
        /// Nothing is asked: whoever is known may.
        case nothing
    }

    /// A KMS key that an operation uses.
    struct KeyChoice: Sendable {
        let action: String?
        let key: @Sendable (APIInput) throws(APIError) -> KeyReference?
        /// The condition keys of the encryption context that this key is used with, where the operation uses several.
        var encryptionContext: ConditionKey?
        /// Whether an alias stands for itself, and not for the key that it names.
        var isAliasItself = false

        /// The key that a member names, for the operation's own action.
        static func named(_ member: String) -> KeyChoice {
            KeyChoice(action: nil) { input throws(APIError) in try input.optionalKey(member) }
        }

        /// `AliasName`: a resource of its own beside the keys (KMS's guide, "Controlling access to aliases").
        static let alias: KeyChoice = {
            var choice = KeyChoice.named("AliasName")
            choice.isAliasItself = true
            return choice
        }()
    }

    /// What happens to the values of the secret, which takes leave to use KMS keys.
    package enum ValueUse: Sendable {
        case none
        case writes
        /// Writes with the key that `KmsKeyId` names, if it is there. Elsewhere that member means nothing, and decides nothing.
        case writesWithChosenKey
        /// The same for a secret that is made, with copies in the regions of `AddReplicaRegions`.
        case creates
        /// All values are copied to the regions of `AddReplicaRegions`.
        case copies

        var makesReplicas: Bool {
            switch self {
            case .creates, .copies: true
            case .none, .writes, .writesWithChosenKey: false
            }
        }
    }

    /// An action that is asked for beside the operation's own, on the same resource.
    package struct Further: Sendable {
        let action: String
        let isNeeded: @Sendable (APIInput, AccessSession?) -> Bool

        package init(_ action: String, when isNeeded: @escaping @Sendable (APIInput) -> Bool) {
            self.init(action) { input, _ in isNeeded(input) }
        }

        /// - Parameter isNeeded: Depends on the session of the caller too.
        init(_ action: String, whenCalledBy isNeeded: @escaping @Sendable (APIInput, AccessSession?) -> Bool) {
            self.action = action
            self.isNeeded = isNeeded
        }
    }

    let resource: Resource
    let further: [Further]
    let keys: [ConditionKey]
    let value: ValueUse
    /// The operation has the decision made in the snapshot that it reads anyway (`AccessPermission.check`), so that a read is one read. The
    /// router makes sure that it did before anything leaves.
    let isCheckedWhenRead: Bool
    /// For the sessions of GetSessionToken too. AWS lets them manage no identities: who holds one for an hour could make a key that lasts.
    var isOpenToUserSessions = true

    package static func secret(
        _ keys: [ConditionKey] = [],
        further: [Further] = [],
        value: ValueUse = .none,
        isCheckedWhenRead: Bool = false
    ) -> AccessRule {
        AccessRule(resource: .secret, further: further, keys: keys, value: value, isCheckedWhenRead: isCheckedWhenRead)
    }

    static func newSecret(_ keys: [ConditionKey], further: [Further]) -> AccessRule {
        AccessRule(resource: .newSecret, further: further, keys: keys, value: .creates, isCheckedWhenRead: false)
    }

    /// - Parameter member: That names the key.
    static func key(_ member: String = "KeyId", _ keys: [ConditionKey] = [.encryptionContext(), .kmsTags, .tagKeys]) -> AccessRule {
        .keys([.named(member)], keys)
    }

    static func keys(_ choices: [KeyChoice], _ keys: [ConditionKey] = [.encryptionContext()]) -> AccessRule {
        AccessRule(resource: .keys(choices), further: [], keys: keys, value: .none, isCheckedWhenRead: false)
    }

    static let nothing = AccessRule(resource: .nothing, further: [], keys: [], value: .none, isCheckedWhenRead: false)
    package static let everything = AccessRule.everything()

    static func everything(_ keys: [ConditionKey] = [], further: [Further] = []) -> AccessRule {
        AccessRule(resource: .everything, further: further, keys: keys, value: .none, isCheckedWhenRead: false)
    }

    static func role(_ keys: [ConditionKey], further: [Further]) -> AccessRule {
        AccessRule(resource: .role, further: further, keys: keys, value: .none, isCheckedWhenRead: false)
    }

    package static func other(
        _ keys: [ConditionKey] = [],
        isOpenToUserSessions: Bool = true,
        _ resource: @escaping @Sendable (APIInput, AccountID) throws(APIError) -> (arn: String, account: AccountID)
    ) -> AccessRule {
        var rule = AccessRule(resource: .other(resource), further: [], keys: keys, value: .none, isCheckedWhenRead: false)
        rule.isOpenToUserSessions = isOpenToUserSessions
        return rule
    }
}
