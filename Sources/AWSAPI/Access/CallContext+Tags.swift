import Access
package import SecretModel
package import Secrets
import Storage

extension CallContext {
    /// Whether the caller can still do with a secret what he can do now once it has other tags: a change of tags by which he would shut
    /// himself out is refused (`aws-service.md` §3.4).
    package func keepsAccess(to reference: SecretReference) -> SecretService.TagCheck {
        { [permission = self.permission] secret, tags in
            try permission.checkKeeping(secret, named: reference.text, with: tags)
        }
    }
}

extension AccessPermission {
    /// What nobody takes from himself by a tag.
    private static let kept = [
        "TagResource", "UntagResource", "GetSecretValue", "DescribeSecret", "PutSecretValue", "UpdateSecret", "DeleteSecret",
    ].map { "secretsmanager:\($0)" }

    fileprivate func checkKeeping(_ secret: SecretRecord, named sent: String, with tags: [Tag]) throws {
        let (before, after) = (ResourceFacts(secret, tags: secret.tags ?? []), ResourceFacts(secret, tags: tags))
        for action in Self.kept {
            let policy = try secret.resourcePolicy.flatMap { try self.policy($0, for: [action]) }
            func decision(_ facts: ResourceFacts) -> AccessDecision {
                self.decide(action, on: facts.arn, of: facts.scope.account, facts, policy)
            }
            guard decision(before).isAllowed, case .refused(let refusal) = decision(after) else { continue }
            throw AccessDenial(principalARN: self.facts.principal.arn, action: action, resource: sent, refusal: refusal)
        }
    }
}

extension ResourceFacts {
    fileprivate init(_ secret: SecretRecord, tags: [Tag]) {
        self.init(
            arn: secret.arn.description,
            scope: secret.arn.scope,
            isSecret: true,
            tags: tags,
            lambdaARN: secret.rotation?.lambdaARN,
            primaryRegion: secret.primaryRegion
        )
    }
}
