import Access
import Identities
import SecretModel
import Storage

/// The texts of key policies. Deciding by them is not this room's.
package enum KeyPolicy {
    /// The only name that a key policy can have.
    package static let name = "default"

    /// The policy of a key for which none was given: the account's own policies decide.
    static func ofAccount(_ account: AccountID) -> String {
        let policy: JSONValue = [
            "Version": "2012-10-17", "Id": "key-default-1",
            "Statement": [
                [
                    "Sid": "Enable IAM User Permissions", "Effect": "Allow",
                    "Principal": ["AWS": .string("arn:aws:iam::\(account):root")], "Action": "kms:*", "Resource": "*",
                ]
            ],
        ]
        return policy.text
    }

    /// The policy of a key that the service manages: usable by the account's principals, through the service only.
    static func ofService(_ service: String, in scope: SecretScope) -> String {
        let policy: JSONValue = [
            "Version": "2012-10-17", "Id": .string("auto-\(service)-2"),
            "Statement": [
                [
                    "Sid": "Allow access through AWS Secrets Manager for all principals in the account that are authorized to use it",
                    "Effect": "Allow", "Principal": ["AWS": "*"],
                    "Action": [
                        "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey",
                    ], "Resource": "*",
                    "Condition": [
                        "StringEquals": [
                            "kms:CallerAccount": .string(scope.account.description),
                            "kms:ViaService": .string("\(service).\(scope.region).amazonaws.com"),
                        ]
                    ],
                ],
                [
                    "Sid": "Allow direct access to key metadata to the account", "Effect": "Allow",
                    "Principal": ["AWS": .string("arn:aws:iam::\(scope.account):root")],
                    "Action": ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"], "Resource": "*",
                ],
            ],
        ]
        return policy.text
    }

    /// Makes sure that the policy can be read when it has to decide: one that could not would lock everybody out of the key.
    ///
    /// - Throws: `malformedPolicy`.
    static func parse(_ text: String) throws(KeyServiceError) -> PolicyDocument {
        do throws(PolicySyntaxError) { return try PolicyDocument(parsing: text, as: .resource) } catch { throw .malformedPolicy }
    }

    /// Makes sure that whom the policy names is there.
    ///
    /// - Throws: `unknownPrincipal`, `StoreError`.
    static func checkPrincipals(of document: PolicyDocument, in store: some ReadableStore) throws {
        if let unknown = try document.unknownPrincipal(in: store) { throw KeyServiceError.unknownPrincipal(unknown) }
    }
}
