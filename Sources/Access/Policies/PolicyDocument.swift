/// A policy in IAM's language, parsed: every statement is ready to be evaluated.
package struct PolicyDocument: Hashable, Sendable {
    /// What a policy is attached to, which decides what may stand in it.
    package enum Kind: Hashable, Sendable {
        /// Attached to a user, role or session: names resources, and no principal.
        case identity
        /// Attached to a resource: names principals.
        case resource
        /// Says who may assume a role: names principals, and no resource.
        case trust
    }

    package let statements: [PolicyStatement]
}

/// One statement of a policy.
package struct PolicyStatement: Hashable, Sendable {
    package enum Effect: String, Hashable, Sendable {
        case allow = "Allow"
        case deny = "Deny"
    }

    /// An element and its negation: `Action` and `NotAction`.
    enum Choice<Member: Hashable & Sendable>: Hashable, Sendable {
        case among([Member])
        case outside([Member])

        func includes(_ isMatch: (Member) -> Bool) -> Bool {
            switch self {
            case .among(let members): members.contains(where: isMatch)
            case .outside(let members): !members.contains(where: isMatch)
            }
        }
    }

    package let sid: String?
    package let effect: Effect
    /// `nil` where the kind of policy has none.
    let principals: Choice<PrincipalPattern>?
    /// In small letters: actions are compared without regard to case.
    let actions: Choice<WildcardPattern>
    /// `nil` where the kind of policy has none.
    let resources: Choice<PolicyText>?
    let conditions: [PolicyCondition]
    /// Policy variables without a default: where one has no value in a request, the statement does not match it.
    let neededKeys: [String]
}
