package import Access
import Identities
import NIOConcurrencyHelpers
package import SecretModel
package import Secrets
package import Storage

/// What the caller of one request may do: everything that decides, but for the secret.
package struct AccessPermission: Sendable {
    let facts: CallFacts
    let input: APIInput
    let rule: AccessRule
    let policies: PolicyCache
    /// Whether a decision was asked for and let the caller through.
    private let isGranted = NIOLockedValueBox(false)

    init(facts: CallFacts, input: APIInput, rule: AccessRule, policies: PolicyCache) {
        self.facts = facts
        self.input = input
        self.rule = rule
        self.policies = policies
    }

    /// For what needs no leave.
    func grant() { self.isGranted.withLockedValue { $0 = true } }

    var wasGranted: Bool { self.isGranted.withLockedValue { $0 } }

    /// The check of a read of a secret's value, for the snapshot in which it is read.
    ///
    /// - Parameter sent: The secret as the caller named it.
    package func toReadValue(of reference: SecretReference, named sent: String) -> SecretService.ReadCheck {
        SecretService.ReadCheck(
            secret: { head, store in
                _ = try self.checkSecret(["secretsmanager:GetSecretValue"], on: reference, named: sent, head, store)
            },
            key: { head, key, store in
                let secret = try ResourceFacts(.arn(head.arn), head, callerScope: self.facts.scope)
                try self.checkKey(key, ["kms:Decrypt"], of: secret, store)
                self.grant()
            }
        )
    }

    /// - Parameter head: The secret that the reference names; `nil` if there is none, which a caller without rights must not learn.
    /// - Throws: `AccessDenial`, `SecretServiceError`, `PolicySyntaxError` if the resource's policy cannot be read.
    func check(
        _ actions: [String],
        on reference: SecretReference,
        named sent: String,
        value: AccessRule.ValueUse,
        _ head: SecretHead?,
        _ store: some ReadableStore
    ) throws {
        let secret = try self.checkSecret(actions, on: reference, named: sent, head, store)
        try self.checkKeys(of: secret, head, value, store)
        if value.makesReplicas { try self.checkReplicas(of: secret, named: reference.name, store) }
        self.grant()
    }

    /// The part of `check` that is about the secret itself.
    ///
    /// - Returns: What decides about its keys.
    func checkSecret(
        _ actions: [String],
        on reference: SecretReference,
        named sent: String,
        _ head: SecretHead?,
        _ store: some ReadableStore,
        _ further: RequestContext? = nil
    ) throws -> ResourceFacts {
        let secret = try ResourceFacts(reference, head, callerScope: self.facts.scope)
        let policy = try head?.resourcePolicy.flatMap { text in try self.policy(text, for: actions) }
        for action in actions {
            let decision = self.decide(action, on: secret.arn, of: secret.scope.account, secret, policy, further)
            if case .refused(let refusal) = decision {
                throw AccessDenial(principalARN: self.facts.principal.arn, action: action, resource: sent, refusal: refusal)
            }
        }
        return secret
    }

    /// What it takes to be told what a secret's policy decides. Whether there is such a secret is no part of a refusal.
    func checkReadingPolicy(
        of reference: SecretReference,
        in scope: SecretScope,
        named sent: String,
        _ head: SecretHead?,
        _ store: some ReadableStore
    ) throws {
        let action = "secretsmanager:GetResourcePolicy"
        // Of a name, the account is that of the principal who is asked about, not the caller's.
        let secret = if case .name(let name) = reference { SecretReference.partialARN(scope, name) } else { reference }
        if self.facts.principal.account == .initial, scope.account != .initial {
            // The installation's own account manages the identities of the others, and what they may.
            try self.check([action], onARN: ResourceFacts(secret, head, callerScope: scope).arn, of: .initial, named: sent)
        } else {
            _ = try self.checkSecret([action], on: secret, named: sent, head, store)
        }
    }

    /// For what is no secret.
    func check(_ actions: [String], onARN arn: String, of account: AccountID, named sent: String) throws(AccessDenial) {
        for action in actions {
            guard case .refused(let refusal) = self.decide(action, on: arn, of: account) else { continue }
            throw AccessDenial(principalARN: self.facts.principal.arn, action: action, resource: sent, refusal: refusal)
        }
        self.grant()
    }

    /// Whether the caller could do something with a secret if the secret had that policy.
    package func wouldAllow(_ action: String, on head: SecretHead, with policy: PolicyDocument) throws -> Bool {
        let secret = try ResourceFacts(.arn(head.arn), head, callerScope: self.facts.scope)
        let attached = AttachedPolicy(name: "the secret's policy", document: policy)
        return self.decide(action, on: secret.arn, of: secret.scope.account, secret, attached).isAllowed
    }

    func decide(
        _ action: String,
        on arn: String,
        of account: AccountID,
        _ secret: ResourceFacts? = nil,
        _ policy: AttachedPolicy? = nil,
        weight: PolicyEvaluation.ResourcePolicyWeight = .sufficient,
        _ further: RequestContext? = nil
    ) -> AccessDecision {
        let context = RequestContext { key in
            if let value = self.facts.value(key) ?? secret?.value(key) { return value }
            for declared in self.rule.keys { if let value = declared.value(key, self.input) { return value } }
            return nil
        }
        let evaluation = PolicyEvaluation(
            identity: self.facts.rights.policies,
            session: self.facts.session?.policies,
            resource: policy,
            weight: weight
        )
        return evaluation.decide(
            AccessRequest(
                principal: self.facts.principal,
                action: action,
                resource: arn,
                account: account,
                context: further.map { context.overridden(by: $0) } ?? context
            )
        )
    }

    /// A policy that an older version took and this one cannot read lets nobody in, but can be replaced.
    func policy(_ text: String, for actions: [String]) throws(PolicySyntaxError) -> AttachedPolicy? {
        do throws(PolicySyntaxError) {
            return AttachedPolicy(name: "the secret's policy", document: try self.policies.document(text))
        } catch {
            guard actions.allSatisfy({ $0.hasSuffix("ResourcePolicy") }) else { throw error }
            return nil
        }
    }
}

extension ResourceFacts {
    /// Six marks stand for the random suffix of a secret that is not there: policies that mean any suffix match them.
    init(_ reference: SecretReference, _ head: SecretHead?, callerScope: SecretScope) throws {
        let name = reference.name
        let scope =
            switch reference {
            case .name: callerScope
            case .arn(let arn): arn.scope
            case .partialARN(let scope, _): scope
            }
        if let head {
            self.arn = head.arn.description
        } else if case .arn(let arn) = reference {
            self.arn = arn.description
        } else {
            self.arn = "arn:aws:secretsmanager:\(scope.region):\(scope.account):secret:\(name)-??????"
        }
        self.scope = scope
        self.isSecret = head != nil
        self.tags = try head?.tags() ?? []
        self.lambdaARN = head?.lambdaARN
        self.primaryRegion = head?.replicaOf
    }
}
