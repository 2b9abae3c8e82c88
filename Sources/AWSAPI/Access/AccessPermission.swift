package import Access
import Identities
import KeyManagement
import NIOConcurrencyHelpers
package import SecretModel
package import Secrets
package import Storage

/// What the caller of one request may do: everything that decides, but for the secret.
package struct AccessPermission: Sendable {
    let facts: CallFacts
    let input: APIInput
    let rule: AccessRule
    let policies: ResourcePolicyCache
    /// Whether a decision was asked for and let the caller through.
    private let isGranted = NIOLockedValueBox(false)

    init(facts: CallFacts, input: APIInput, rule: AccessRule, policies: ResourcePolicyCache) {
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
    package func toReadValue(of reference: SecretReference, named sent: String) -> SecretService.AccessCheck {
        { head, store in
            try self.check(["secretsmanager:GetSecretValue"], on: reference, named: sent, value: .reads, head, store)
        }
    }

    /// - Parameter head: The secret that the reference names; `nil` if there is none, which a caller without rights must not learn.
    /// - Throws: `AccessDenial`, `SecretServiceError`, `PolicySyntaxError` if the resource's policy cannot be read.
    func check(
        _ actions: [String],
        on reference: SecretReference,
        named sent: String,
        value: AccessRule.ValueUse,
        _ head: SecretHead?,
        _ store: StoreReader
    ) throws {
        let secret = try ResourceFacts(reference, head, callerScope: self.facts.scope)
        let policy = try head?.resourcePolicy.flatMap { text in try self.policy(text, for: actions) }
        for action in actions {
            let decision = self.decide(action, on: secret.arn, of: secret.scope.account, secret, policy)
            if case .refused(let refusal) = decision {
                throw AccessDenial(principalARN: self.facts.principal.arn, action: action, resource: sent, refusal: refusal)
            }
        }
        try self.checkKey(of: secret, head, value, store)
        self.grant()
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

    /// For KMS keys.
    ///
    /// - Throws: `AccessDenial`, `StoreError`, `PolicySyntaxError`.
    func check(_ choices: [(action: String, key: KeyReference?)], named sent: String, _ store: StoreReader) throws {
        for (action, reference) in choices {
            let decision =
                if let reference {
                    try self.decide(action, onKey: reference, in: self.facts.scope, store)
                } else {
                    self.decide(action, on: "*", of: self.facts.principal.account)
                }
            guard case .refused(let refusal) = decision else { continue }
            throw AccessDenial(principalARN: self.facts.principal.arn, action: action, resource: sent, refusal: refusal)
        }
        self.grant()
    }

    /// The policy of a key is the root of all leave to use it (`aws-service.md` §2.3). Of a key that is not there, only the caller's
    /// policies speak.
    private func decide(
        _ action: String,
        onKey reference: KeyReference,
        in scope: SecretScope,
        _ store: StoreReader,
        _ further: RequestContext? = nil
    ) throws -> AccessDecision {
        guard let key = try store.key(reference, in: scope) else {
            return self.decide(action, on: reference.arn(in: scope), of: (reference.scope ?? scope).account, nil, nil, further)
        }
        let policy = AttachedPolicy(name: "the key's policy", document: try self.policies.document(key.policy))
        let facts = ResourceFacts(arn: key.arn, scope: key.scope, isSecret: false, tags: key.tags, lambdaARN: nil)
        return self.decide(action, on: key.arn, of: key.scope.account, facts, policy, weight: .required, further)
    }

    /// The key is used as the caller (`aws-service.md` §2.2): a customer's key needs leave of its own, the default key is for its account.
    private func checkKey(
        of secret: ResourceFacts,
        _ head: SecretHead?,
        _ value: AccessRule.ValueUse,
        _ store: StoreReader
    ) throws {
        var chosen: String?
        switch value {
        case .none: return
        case .reads, .writes: if head == nil { return }
        case .writesWithChosenKey:
            // A change of the key opens the values under the one that they have.
            if self.input.has("KmsKeyId"), let old = head?.kmsKeyID { try self.checkKey(old, ["kms:Decrypt"], of: secret, store) }
            chosen = self.input.string("KmsKeyId").flatMap { $0.isEmpty ? nil : $0 }
            guard chosen != nil || self.input.has("SecretString") || self.input.has("SecretBinary") else { return }
        }
        guard let text = chosen ?? head?.kmsKeyID else {
            guard secret.scope.account == self.facts.principal.account else { throw SecretServiceError.defaultKeyAcrossAccounts }
            return
        }
        try self.checkKey(text, value == .reads ? ["kms:Decrypt"] : ["kms:GenerateDataKey", "kms:Decrypt"], of: secret, store)
    }

    private func checkKey(_ text: String, _ actions: [String], of secret: ResourceFacts, _ store: StoreReader) throws {
        let context = RequestContext([
            "kms:ViaService": .one("secretsmanager.\(secret.scope.region).amazonaws.com"),
            "kms:CallerAccount": .one(self.facts.principal.account.description),
            "kms:EncryptionContext:SecretARN": .one(secret.arn),
            "kms:EncryptionContextKeys": .many(["SecretARN", "SecretVersionId"]),
            "aws:ViaAWSService": .one("true"),
            "aws:CalledVia": .many(["secretsmanager.amazonaws.com"]),
        ])
        let reference: KeyReference
        do { reference = try KeyReference(text) } catch { throw KeyUseError.cannotEncrypt(error) }
        for action in actions {
            let decision = try self.decide(action, onKey: reference, in: secret.scope, store, context)
            guard decision.isAllowed else { throw SecretServiceError.keyAccessDenied }
        }
    }
}

extension StoreReader {
    /// The key that a text of a caller of this account and region names, of whatever account.
    fileprivate func key(_ reference: KeyReference, in scope: SecretScope) throws -> AccountKeyRecord? {
        switch reference.target {
        case .key(let id): try self.accountKey(id)
        case .alias(let name): try self.accountKey(named: name, in: reference.scope ?? scope)
        }
    }
}

extension ResourceFacts {
    /// Six marks stand for the random suffix of a secret that is not there: policies that mean any suffix match them.
    init(_ reference: SecretReference, _ head: SecretHead?, callerScope: SecretScope) throws {
        let (scope, name): (SecretScope, SecretName) =
            switch reference {
            case .name(let name): (callerScope, name)
            case .arn(let arn): (arn.scope, arn.name)
            case .partialARN(let scope, let name): (scope, name)
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
    }
}
