import Access
package import SecretModel
import Storage

/// Whose leave a use of a key by a secret takes.
package enum KeyLeave: Sendable {
    /// The caller's, who was asked for it before.
    case asked
    /// Nobody calls: the daemon rotates the secret. The secret's account stands for the caller, and where the key is another account's, the
    /// key's policy must name the secret's, so that whoever owns the key can end its use.
    case account(of: SecretARN)

    /// - Parameter now: `nil` leaves the conditions of time without their key.
    /// - Throws: `KeyServiceError.notForAccount`.
    func check(_ action: String, on key: AccountKeyRecord, at now: Timestamp?) throws(KeyServiceError) {
        guard case .account(let secret) = self, secret.scope.account != key.scope.account else { return }
        let (account, service) = (secret.scope.account, "secretsmanager.\(secret.scope.region).amazonaws.com")
        let root = Principal.root(account)
        let document: PolicyDocument
        do throws(KeyServiceError) { document = try KeyPolicy.parse(key.policy) } catch {
            // What cannot be read gives no leave.
            throw .notForAccount(account, arn: key.arn)
        }
        let policy = AttachedPolicy(name: "the key's policy", document: document)
        let evaluation = PolicyEvaluation(identity: IdentityPolicies(policies: []), resource: policy, weight: .required)
        var values: [String: RequestContext.Value] = [
            "aws:PrincipalAccount": .one(account.description), "kms:CallerAccount": .one(account.description),
            "aws:PrincipalArn": .one(root.arn), "aws:PrincipalType": .one(root.type), "aws:PrincipalIsAWSService": .one("false"),
            "kms:ViaService": .one(service), "aws:ViaAWSService": .one("true"), "aws:CalledVia": .many(["secretsmanager.amazonaws.com"]),
            "aws:SecureTransport": .one("true"), "aws:RequestedRegion": .one(key.scope.region.description),
            "aws:ResourceAccount": .one(key.scope.account.description),
            "kms:EncryptionContext:SecretARN": .one(secret.description),
            "kms:EncryptionContextKeys": .many(["SecretARN", "SecretVersionId"]),
        ]
        if let now {
            values["aws:CurrentTime"] = .one(now.rfc3339)
            values["aws:EpochTime"] = .one(String(now.seconds))
        }
        for tag in key.tags { values["aws:ResourceTag/\(tag.key)"] = .one(tag.value) }
        let request = AccessRequest(
            principal: root,
            action: action,
            resource: key.arn,
            account: key.scope.account,
            context: RequestContext(values)
        )
        guard evaluation.decide(request).isAllowed else { throw .notForAccount(account, arn: key.arn) }
    }
}
