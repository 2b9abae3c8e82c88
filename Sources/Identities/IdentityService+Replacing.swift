import Auditing
import Encryption
import SecretModel
import Storage

extension IdentityService {
    /// The record of a policy in which the unique id of a deleted user or role stands from now on: with what the policy is of, and under the
    /// name of the call that would have changed it, so that whoever watches over a policy sees this change too.
    func auditReplacing(
        _ identity: IdentityRecord,
        in place: PolicyPlace,
        _ origin: RequestOrigin,
        _ store: StoreTransaction
    ) throws {
        let (event, member, arn, source): (String, String, String, String)
        let scope: SecretScope
        switch place {
        case .secret(let secret):
            (event, member, arn, source) = ("PutResourcePolicy", "secretId", secret.description, AuditSource.secretsManager)
            scope = secret.scope
        case .key(let id, let home):
            (event, member, arn, source) = ("PutKeyPolicy", "keyId", AccountKeyRecord.arn(of: id, in: home), AuditSource.kms)
            scope = home
        case .role(let role):
            (event, member, arn, source) = ("UpdateRole", "roleName", role.arn, AuditSource.keyturn)
            scope = SecretScope(account: role.account, region: origin.scope.region)
        }
        let parameters: JSONValue = .object([
            .init(member, .string(arn)), .init("deletedPrincipal", .string(identity.id.arn)),
            .init("replacement", .string(identity.uniqueID)),
        ])
        var random = self.random
        var happening = RequestOrigin.Happening(event, parameters: parameters, about: arn)
        happening.source = source
        let there = origin.elsewhere(in: scope.region, using: &random).within(scope.account)
        try AuditTrail(keyring: self.keyring).append(there.events(happening, using: &random), in: store)
    }
}
