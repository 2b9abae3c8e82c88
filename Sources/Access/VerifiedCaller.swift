package import SecretModel

/// Who signed a request. Only the verifier of signatures makes one, so that no handler is reached without.
package struct VerifiedCaller: Hashable, Sendable {
    package let accessKeyID: String
    package let principalARN: String
    package let account: AccountID
    /// The region of the credential scope.
    package let region: RegionName
    package let isAdministrator: Bool

    /// For the verifier, and for tests of what stands behind it.
    package init(accessKeyID: String, principalARN: String, account: AccountID, region: RegionName, isAdministrator: Bool) {
        self.accessKeyID = accessKeyID
        self.principalARN = principalARN
        self.account = account
        self.region = region
        self.isAdministrator = isAdministrator
    }
}
