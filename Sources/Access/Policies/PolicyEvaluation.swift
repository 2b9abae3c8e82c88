/// All policies that speak about a request.
package struct PolicyEvaluation: Sendable {
    /// What it takes from the policy of a resource in the caller's own account.
    package enum ResourcePolicyWeight: Sendable {
        /// Either side may allow: secrets.
        case sufficient
        /// The resource must allow, at least by naming the account: KMS keys, and trust policies of roles.
        case required
    }

    package let identity: IdentityPolicies
    /// The policies of a session, which limit it; `nil` for a session without, and for users.
    package let session: [AttachedPolicy]?
    package let resource: AttachedPolicy?
    package let weight: ResourcePolicyWeight

    package init(
        identity: IdentityPolicies,
        session: [AttachedPolicy]? = nil,
        resource: AttachedPolicy? = nil,
        weight: ResourcePolicyWeight = .sufficient
    ) {
        self.identity = identity
        self.session = session
        self.resource = resource
        self.weight = weight
    }

    /// IAM's logic (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>): an explicit
    /// deny wins; within an account either side suffices; across accounts both must allow; boundary and session policies limit what they
    /// speak of, unless the resource names the user or the session itself.
    package func decide(_ request: AccessRequest) -> AccessDecision {
        let identity = self.finding(in: self.identity.policies, .identity, request)
        let boundary = self.identity.boundary.map { self.finding(in: [$0], .boundary, request) }
        let session = self.session.map { self.finding(in: $0, .session, request) }
        let resource = self.resource.map { self.finding(in: [$0], .resource, request) } ?? Finding()
        if let deny = identity.deny ?? boundary?.deny ?? session?.deny ?? resource.deny { return .refused(.explicit(deny)) }

        let missingLimit: PolicyType? =
            if let boundary, boundary.allow == nil { .boundary } else if let session, session.allow == nil { .session } else { nil }
        var identityAllow = identity.allow
        if identityAllow == nil, case .root = request.principal {
            identityAllow = DecidingStatement(type: .identity, policy: request.principal.arn, number: 1, sid: nil)
        }
        guard request.account == request.principal.account, self.weight == .sufficient || resource.reach == .account else {
            return self.decideByBothSides(request, identityAllow, resource, missingLimit)
        }
        if let allow = resource.allow, resource.reach >= .role {
            guard resource.reach == .role, let missingLimit else { return .allowed(by: [allow]) }
            return .refused(.implicit(missingLimit))
        }
        guard let identityAllow else { return .refused(.implicit(.identity)) }
        guard let missingLimit else { return .allowed(by: [identityAllow]) }
        return .refused(.implicit(missingLimit))
    }

    private func decideByBothSides(
        _ request: AccessRequest,
        _ identity: DecidingStatement?,
        _ resource: Finding,
        _ missingLimit: PolicyType?
    ) -> AccessDecision {
        if request.account == request.principal.account {
            guard let allow = resource.allow else { return .refused(.implicit(.resource)) }
            if resource.reach == .direct || missingLimit == nil { return .allowed(by: [allow]) }
            return .refused(.implicit(missingLimit ?? .resource))
        }
        guard let identity else { return .refused(.implicit(.identity)) }
        if let missingLimit { return .refused(.implicit(missingLimit)) }
        guard let allow = resource.allow else { return .refused(.implicit(.resource)) }
        return .allowed(by: [identity, allow])
    }

    /// What the policies of one type say.
    private struct Finding {
        var allow: DecidingStatement?
        var deny: DecidingStatement?
        /// How the allowing statement names the principal, where policies name principals.
        var reach = PrincipalPattern.Reach.none
    }

    private func finding(in policies: [AttachedPolicy], _ type: PolicyType, _ request: AccessRequest) -> Finding {
        var finding = Finding()
        for policy in policies {
            for (index, statement) in policy.document.statements.enumerated() {
                // Of statements that allow, only one that reaches further is worth a look.
                if statement.effect == .allow, finding.allow != nil, type != .resource || finding.reach == .direct { continue }
                guard let reach = statement.reach(request) else { continue }
                let found = DecidingStatement(type: type, policy: policy.name, number: index + 1, sid: statement.sid)
                switch statement.effect {
                case .deny:
                    finding.deny = found
                    return finding
                case .allow:
                    guard finding.allow == nil || reach > finding.reach else { continue }
                    (finding.allow, finding.reach) = (found, reach)
                }
            }
        }
        return finding
    }
}

extension PolicyStatement {
    /// - Returns: How the statement names the principal, if it speaks about the request at all.
    func reach(_ request: AccessRequest) -> PrincipalPattern.Reach? {
        guard self.actions.includes({ $0.matches(request.action, ignoresCase: true) }) else { return nil }
        var reach = PrincipalPattern.Reach.direct
        if let principals = self.principals {
            let named = principals.members.map { $0.reach(of: request.principal) }.max() ?? .none
            switch principals {
            case .among: reach = named
            case .outside: reach = named == .none ? .role : .none
            }
            guard reach != .none else { return nil }
        }
        let context = request.context
        guard self.neededKeys.allSatisfy({ if case .one? = context.value($0) { true } else { false } }) else { return nil }
        guard self.resources?.includes({ $0.pattern(in: context)?.matches(request.resource) ?? false }) ?? true else { return nil }
        return self.conditions.allSatisfy { $0.holds(in: context) } ? reach : nil
    }
}
