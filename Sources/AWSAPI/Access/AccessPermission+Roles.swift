import Access
import Identities
import SecretModel
import Storage

extension AccessPermission {
    /// For a role that is to be assumed.
    ///
    /// - Throws: `AccessDenial`, which tells a role that is not there and one that does not trust the caller in the same words;
    ///   `StoreError`, `PolicySyntaxError`.
    func check(_ actions: [String], onRole role: IdentityID, _ store: some ReadableStore) throws {
        for action in actions {
            guard case .refused(let refusal) = try self.decide(action, onRole: role, store) else { continue }
            let isExplicit = if case .explicit = refusal { true } else { false }
            throw AccessDenial(
                principalARN: self.facts.principal.arn,
                action: action,
                resource: role.arn,
                refusal: isExplicit ? refusal : nil
            )
        }
        self.grant()
    }

    /// What it takes to be told what a role's trust policy decides. Whether there is such a role is no part of a refusal.
    func checkReadingTrust(of role: IdentityID) throws {
        // The installation's own account manages the identities of the others.
        let owner = self.facts.principal.account == .initial ? .initial : role.account
        try self.check(["keyturn:DescribeRole"], onARN: role.arn, of: owner, named: role.arn)
    }

    /// The trust policy must allow, at least by naming the account (`aws-service.md` §3.1).
    func decide(
        _ action: String,
        onRole id: IdentityID,
        _ store: some ReadableStore,
        _ further: RequestContext? = nil
    ) throws -> AccessDecision {
        let role = try store.identity(id)
        let trust = try role?.trustPolicy.map {
            AttachedPolicy(name: "the role's trust policy", document: try self.policies.document($0, as: .trust))
        }
        let scope = SecretScope(account: id.account, region: self.facts.region)
        let facts = ResourceFacts(arn: id.arn, scope: scope, isSecret: false, tags: role?.tags ?? [], lambdaARN: nil)
        return self.decide(action, on: id.arn, of: id.account, facts, trust, weight: .required, further)
    }
}

extension IdentityID {
    /// - Returns: `nil` for what is no ARN of a role.
    init?(roleARN arn: String) {
        self.init(policyARN: arn)
        guard self.kind == .role, arn.utf8.elementsEqual(self.arn.utf8) else { return nil }
    }
}

extension APIInput {
    /// `RoleArn`.
    func role() throws(APIError) -> IdentityID {
        guard let role = IdentityID(roleARN: try self.required("RoleArn")) else { throw APIError(.validation, "Request ARN is invalid") }
        return role
    }
}
