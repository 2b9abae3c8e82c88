package import Access
package import RotationEngine
package import SecretModel

/// What surrounds a call: who asks, when, and in which account and region.
package struct CallContext: Sendable {
    package let caller: VerifiedCaller
    package let requestID: String
    package let now: Timestamp

    package init(caller: VerifiedCaller, requestID: String, now: Timestamp) {
        self.caller = caller
        self.requestID = requestID
        self.now = now
    }

    /// The caller's account, and the region of the credential scope.
    package var scope: SecretScope { self.caller.scope }

    package var actor: AuditActor { AuditActor(principal: self.caller.principalARN, requestID: self.requestID) }

    /// The same for the secrets room.
    package var origin: RequestOrigin {
        RequestOrigin(scope: self.scope, principal: self.caller.principalARN, requestID: self.requestID, now: self.now)
    }
}
