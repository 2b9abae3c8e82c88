import Access
import SecretModel
import Storage

/// The managed policies that come with Keyturn, under AWS's names and in every account.
package enum ManagedPolicy: String, CaseIterable, Sendable {
    /// Everything. The user that `init` makes has it.
    case administratorAccess = "AdministratorAccess"
    /// Everything about secrets, and nothing of Keyturn's own.
    case secretsManagerReadWrite = "SecretsManagerReadWrite"

    package var document: String {
        switch self {
        case .administratorAccess:
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        case .secretsManagerReadWrite:
            #"{"Version":"2012-10-17","Statement":[{"Sid":"BasePermissions","Effect":"Allow","Action":["secretsmanager:*","#
                + #""kms:DescribeKey","kms:ListAliases","kms:ListKeys"],"Resource":"*"}]}"#
        }
    }
}

extension AttachedPolicy {
    /// A policy of an identity, ready for evaluation.
    ///
    /// - Throws: `IdentityError.noSuchPolicy`; `PolicySyntaxError` if the store is damaged.
    init(_ attachment: IdentityPolicyRecord, in store: some ReadableStore) throws {
        if let inline = attachment.document {
            self.init(name: attachment.name, document: try PolicyDocument(parsing: inline, as: .identity))
        } else {
            try self.init(managed: attachment.name, of: attachment.identity.account, in: store)
        }
    }

    /// A managed policy, ready for evaluation.
    ///
    /// - Throws: As above.
    init(managed name: String, of account: AccountID, in store: some ReadableStore) throws {
        let text = try ManagedPolicy(rawValue: name)?.document ?? store.policy(name, in: account)?.document
        guard let text else { throw IdentityError.noSuchPolicy(name, account) }
        self.init(name: name, document: try PolicyDocument(parsing: text, as: .identity))
    }
}
