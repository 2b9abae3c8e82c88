package import Access
import Auditing
package import Identities
import KeyManagement
package import SecretModel
import Secrets
package import Storage

/// The one place that decides whether a caller may do something: by what the operation declares, the caller's policies, and the policy
/// of the secret.
package struct Authorizer: Sendable {
    /// - Parameter uniqueID: As for `IdentityDirectory.rights`.
    package typealias RightsLookup = @Sendable (Principal, _ uniqueID: String?) async throws -> IdentityDirectory.Rights

    private let rights: RightsLookup
    private let store: Store
    private let policies = PolicyCache()

    package init(rights: @escaping RightsLookup, store: Store) {
        self.rights = rights
        self.store = store
    }

    package init(_ directory: IdentityDirectory, _ store: Store) {
        self.init(rights: { try await directory.rights(of: $0, $1) }, store: store)
    }

    /// - Returns: What surrounds the call from now on.
    /// - Throws: `AccessDeniedException` with AWS's text (`aws-service.md` §3.5). A secret that is not there and one that the caller has no
    ///   rights to look the same.
    func admit(
        _ request: APIRequest,
        to operation: any APIOperation,
        _ input: APIInput,
        _ origin: RequestOrigin
    ) async throws(APIError) -> CallContext {
        let rule = operation.access
        guard rule.isOpenToUserSessions || !request.caller.isUserSession else { throw .closedToUserSessions(operation.action) }
        let actions = [operation.action] + rule.further.filter { $0.isNeeded(input, request.caller.session) }.map(\.action)
        return try await inWords {
            let rights = try await self.rights(request.caller.principal, request.caller.uniqueID)
            let permission = AccessPermission(
                facts: CallFacts(
                    principal: request.caller.principal,
                    session: request.caller.session,
                    rights: rights,
                    region: request.caller.region,
                    now: request.now,
                    client: request.client,
                    isSecure: request.isSecure
                ),
                input: input,
                rule: rule,
                policies: self.policies
            )
            let reference = try self.reference(of: rule, input)
            var place = origin.within(reference?.account ?? request.caller.account)
            if let reference, let sent = input.string(rule.secretMember) {
                let (scope, now) = (place.scope, place.now)
                let isNew = if case .newSecret = rule.resource { true } else { false }
                place.admission = { store in
                    let head = isNew ? nil : try SecretService.head(of: reference, in: scope, at: now, store)
                    try permission.check(actions, on: reference, named: sent, value: rule.value, head, store)
                }
            } else {
                place.admission = try self.admission(of: permission, to: operation, actions, request.caller)
            }
            if let admission = place.admission, !rule.isCheckedWhenRead { try await self.store.read { try admission($0) } }
            return CallContext(caller: request.caller, origin: place, permission: permission)
        }
    }

    /// Decides about a call that is about no secret; where nothing in the store has a say, at once.
    private func admission(
        of permission: AccessPermission,
        to operation: any APIOperation,
        _ actions: [String],
        _ caller: VerifiedCaller
    ) throws -> RequestOrigin.Admission? {
        let input = permission.input
        switch permission.rule.resource {
        case .keys(let choices):
            let uses = try choices.map { choice in
                AccessPermission.KeyUsage(
                    action: choice.action ?? operation.action,
                    subject: try choice.key(input).map { choice.isAliasItself ? .alias($0) : .key($0) } ?? .everything,
                    context: choice.encryptionContext.map { context in RequestContext { context.value($0, input) } }
                )
            }
            return { try permission.check(uses, $0) }
        case .role:
            let role = try input.role()
            return { try permission.check(actions, onRole: role, $0) }
        case .nothing: permission.grant()
        case .other(let resource):
            let (arn, account) = try resource(input, caller.account)
            // The installation's own account manages the identities of the others too.
            try permission.check(actions, onARN: arn, of: caller.account == .initial ? .initial : account, named: arn)
        case .secret, .newSecret, .everything: try permission.check(actions, onARN: "*", of: caller.account, named: "*")
        }
        return nil
    }

    /// What policies say about a request that nobody makes, and on which resource.
    ///
    /// - Parameters:
    ///   - resource: A secret by name or ARN, another ARN, or `*`.
    ///   - values: Condition keys, which come before those that follow from principal, secret, region and time.
    ///   - asker: Who wants to know it: what the policy of a secret, a role or a key says, and that there is one, is told only to those who
    ///     may read it.
    package func explain(
        _ principal: Principal,
        action: String,
        resource: String,
        values: [String: RequestContext.Value],
        region: RegionName,
        now: Timestamp,
        asker: AccessPermission
    ) async throws(APIError) -> (resource: String, decision: AccessDecision) {
        try await inWords {
            let facts = CallFacts(
                principal: principal,
                session: nil,
                rights: try await self.rights(principal, nil),
                region: region,
                now: now,
                client: nil,
                isSecure: true
            )
            let permission = AccessPermission(facts: facts, input: APIInput([:]), rule: .everything, policies: self.policies)
            let further = RequestContext(values)
            if let role = IdentityID(roleARN: resource) {
                try asker.checkReadingTrust(of: role)
                return (resource, try await self.store.read { try permission.decide(action, onRole: role, $0, further) })
            }
            if let key = KeyReference(namedInARN: resource), let scope = key.scope {
                let decision = try await self.store.read { store in
                    try asker.checkReadingPolicy(ofKey: key, store)
                    return try permission.decide(action, onKey: key, in: scope, store, further)
                }
                return (resource, decision)
            }
            guard let reference = SecretReference(resource), resource != "*" else {
                let account = AccountID.named(inARN: resource) ?? principal.account
                return (resource, permission.decide(action, on: resource, of: account, nil, nil, further))
            }
            let scope = SecretScope(account: reference.account ?? principal.account, region: region)
            let head = try await self.store.read { store in
                let head = try SecretService.head(of: reference, in: scope, at: now, store)
                try asker.checkReadingPolicy(of: reference, in: scope, named: resource, head, store)
                return head
            }
            let secret = try ResourceFacts(reference, head, callerScope: facts.scope)
            let policy = try head?.resourcePolicy.flatMap { text in try permission.policy(text, for: [action]) }
            return (secret.arn, permission.decide(action, on: secret.arn, of: secret.scope.account, secret, policy, further))
        }
    }

    private func reference(of rule: AccessRule, _ input: APIInput) throws(APIError) -> SecretReference? {
        switch rule.resource {
        case .secret, .newSecret:
            guard let text = input.string(rule.secretMember) else { return nil }
            guard let reference = SecretReference(text) else { throw .invalidName }
            return reference
        case .everything, .other, .keys, .role, .nothing: return nil
        }
    }
}

extension VerifiedCaller {
    /// With the credentials of GetSessionToken.
    fileprivate var isUserSession: Bool {
        guard case .user = self.principal else { return false }
        return self.session != nil
    }
}

extension APIError {
    fileprivate static func closedToUserSessions(_ action: String) -> APIError {
        APIError(.accessDenied, "Cannot call \(action) with session credentials of a user: sign with an access key, or as a role.")
    }
}

extension AccessRule {
    fileprivate var secretMember: String {
        if case .newSecret = self.resource { "Name" } else { "SecretId" }
    }
}
