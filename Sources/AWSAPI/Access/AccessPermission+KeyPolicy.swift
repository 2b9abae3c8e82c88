import Access
import KeyManagement
import SecretModel
import Storage

extension AccessPermission {
    /// Whether the caller could change a key's policy again once it is this one (`BypassPolicyLockoutSafetyCheck` leaves this out).
    ///
    /// - Throws: `KeyServiceError.policyLocksOut`, `.malformedPolicy`.
    func checkKeepingKey(_ arn: String, _ scope: SecretScope, _ tags: [Tag], under text: String) throws(KeyServiceError) {
        let document: PolicyDocument
        do throws(PolicySyntaxError) { document = try self.policies.document(text) } catch { throw .malformedPolicy }
        let policy = AttachedPolicy(name: "the key's policy", document: document)
        let key = ResourceFacts(arn: arn, scope: scope, isSecret: false, tags: tags, lambdaARN: nil)
        guard self.decide("kms:PutKeyPolicy", on: arn, of: scope.account, key, policy, weight: .required).isAllowed else {
            throw .policyLocksOut
        }
    }
}

extension APIInput {
    var checksLockOut: Bool { self.bool("BypassPolicyLockoutSafetyCheck") != true }
}
