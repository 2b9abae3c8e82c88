package import SecretModel

/// A question to policies: may this principal do this?
package struct AccessRequest: Sendable {
    package let principal: Principal
    /// `secretsmanager:GetSecretValue`; its case does not matter.
    package let action: String
    /// An ARN, or `*` for actions that concern no one resource.
    package let resource: String
    /// The account that the resource belongs to: where it is not the principal's, both sides must allow.
    package let account: AccountID
    package let context: RequestContext

    package init(principal: Principal, action: String, resource: String, account: AccountID, context: RequestContext) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.account = account
        self.context = context
    }
}

/// A policy under the name by which people know it.
package struct AttachedPolicy: Hashable, Sendable {
    package let name: String
    package let document: PolicyDocument

    package init(name: String, document: PolicyDocument) {
        self.name = name
        self.document = document
    }
}

/// What is attached to an identity.
package struct IdentityPolicies: Hashable, Sendable {
    package var policies: [AttachedPolicy]
    /// The most that the identity may, whatever its policies say; `nil` for no such limit.
    package var boundary: AttachedPolicy?

    package init(policies: [AttachedPolicy], boundary: AttachedPolicy? = nil) {
        self.policies = policies
        self.boundary = boundary
    }
}
