/// What a set of policies says about a request, and because of what.
package enum AccessDecision: Hashable, Sendable {
    /// A statement allows it, of the caller's policies or of the resource's, or both where both are needed.
    case allowed(by: [DecidingStatement])
    case refused(AccessRefusal)

    package var isAllowed: Bool {
        guard case .allowed = self else { return false }
        return true
    }
}

/// Why policies do not allow something.
package enum AccessRefusal: Hashable, Sendable {
    /// A statement denies it, whatever others say.
    case explicit(DecidingStatement)
    /// No statement denies it, but where one of this type would have to allow it, none does.
    case implicit(PolicyType)
}

/// The part that a policy plays.
package enum PolicyType: String, Hashable, Sendable {
    case identity = "identity-based policy"
    case resource = "resource-based policy"
    case session = "session policy"
    case boundary = "permissions boundary"
}

/// The statement that decided.
package struct DecidingStatement: Hashable, Sendable {
    package let type: PolicyType
    /// The name of the policy, as it was attached.
    package let policy: String
    /// Counted from 1.
    package let number: Int
    package let sid: String?
}
