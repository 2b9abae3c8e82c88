package import Access
package import Auditing
package import SecretModel

/// What surrounds a call: who asks, when, in which account and region, and what the caller may do.
package struct CallContext: Sendable {
    package let caller: VerifiedCaller
    /// The same for the rooms below, with what the audit trail tells of it. Its account is that of the secret that the call is about: the
    /// caller's, unless an ARN names another.
    package let origin: RequestOrigin
    package let permission: AccessPermission

    init(caller: VerifiedCaller, origin: RequestOrigin, permission: AccessPermission) {
        self.caller = caller
        self.origin = origin
        self.permission = permission
    }

    package var requestID: String { self.origin.requestID }
    package var now: Timestamp { self.origin.now }

    /// The account that names are looked up in, and the region of the credential scope.
    package var scope: SecretScope { self.origin.scope }

    /// The same for one of several secrets, which may be another account's.
    func origin(for reference: SecretReference) -> RequestOrigin {
        self.origin.within(reference.account ?? self.caller.account)
    }
}

extension SecretReference {
    var name: SecretName {
        switch self {
        case .name(let name): name
        case .arn(let arn): arn.name
        case .partialARN(_, let name): name
        }
    }

    /// The account that an ARN names; `nil` for a name, which is looked up in the caller's.
    var account: AccountID? {
        switch self {
        case .name: nil
        case .arn(let arn): arn.scope.account
        case .partialARN(let scope, _): scope.account
        }
    }
}
