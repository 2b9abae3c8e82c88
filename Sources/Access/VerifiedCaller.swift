package import SecretModel

/// Who signed a request. Only `SignatureVerifier` makes one, so an operation that asks for it cannot be reached unauthenticated.
package struct VerifiedCaller: Hashable, Sendable {
    package let accessKeyID: String
    /// `arn:aws:iam::<account>:user/<name>`.
    package let principalARN: String
    package let account: AccountID
    /// The region of the credential scope: the region that the request speaks to.
    package let region: RegionName
    /// May do everything in its account.
    package let isAdministrator: Bool

    init(credential: AccessCredential, region: RegionName) {
        self.accessKeyID = credential.accessKeyID
        self.principalARN = credential.principalARN
        self.account = credential.account
        self.region = region
        self.isAdministrator = credential.isAdministrator
    }

    /// Where the names in the request are looked up.
    package var scope: SecretScope { SecretScope(account: self.account, region: self.region) }

    /// For tests of what stands behind the verifier: no other room can reach it.
    init(accessKeyID: String, principalARN: String, account: AccountID, region: RegionName, isAdministrator: Bool) {
        self.accessKeyID = accessKeyID
        self.principalARN = principalARN
        self.account = account
        self.region = region
        self.isAdministrator = isAdministrator
    }
}
