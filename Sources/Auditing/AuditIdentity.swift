package import SecretModel

/// Who acted: CloudTrail's `userIdentity`, and what of it people search for.
package struct AuditIdentity: Hashable, Sendable {
    package let members: JSONValue
    /// The name of the user, or of the role's session.
    package let userName: String?
    package let accessKeyID: String?

    package init(members: JSONValue, userName: String?, accessKeyID: String?) {
        self.members = members
        self.userName = userName
        self.accessKeyID = accessKeyID
    }

    /// A user with an access key.
    package static func user(_ name: String, arn: String, id: String, account: AccountID, accessKeyID: String) -> AuditIdentity {
        AuditIdentity(
            members: [
                "type": "IAMUser", "principalId": .string(id), "arn": .string(arn), "accountId": .string(account.description),
                "accessKeyId": .string(accessKeyID), "userName": .string(name),
            ],
            userName: name,
            accessKeyID: accessKeyID
        )
    }
}
