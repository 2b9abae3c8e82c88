package import SecretModel

/// Who signed a request. Only `SignatureVerifier` makes one, so an operation that asks for it cannot be reached unauthenticated.
package struct VerifiedCaller: Hashable, Sendable {
    package let accessKeyID: String
    package let principal: Principal
    /// `AIDA…` of a user, `AROA…` of the role of a session.
    package let uniqueID: String
    /// The region of the credential scope: the region that the request speaks to.
    package let region: RegionName
    /// `nil` for the long-lived keys of a user.
    package let session: AccessSession?

    /// Otherwise for tests only, of what stands behind the verifier: no other room can reach it.
    init(accessKeyID: String, principal: Principal, uniqueID: String, region: RegionName, session: AccessSession? = nil) {
        self.accessKeyID = accessKeyID
        self.principal = principal
        self.uniqueID = uniqueID
        self.region = region
        self.session = session
    }

    package var principalARN: String { self.principal.arn }
    package var account: AccountID { self.principal.account }
    package var userID: String { self.principal.userID(self.uniqueID) }

    /// Where the names in the request are looked up.
    package var scope: SecretScope { SecretScope(account: self.account, region: self.region) }
}
