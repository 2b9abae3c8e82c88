package import Access
package import Auditing
package import SecretModel

/// What surrounds a call: who asks, when, and in which account and region.
package struct CallContext: Sendable {
    package let caller: VerifiedCaller
    /// The same for the rooms below, with what the audit trail tells of it.
    package let origin: RequestOrigin

    package init(caller: VerifiedCaller, origin: RequestOrigin) {
        self.caller = caller
        self.origin = origin
    }

    package var requestID: String { self.origin.requestID }
    package var now: Timestamp { self.origin.now }

    /// The caller's account, and the region of the credential scope.
    package var scope: SecretScope { self.origin.scope }
}
