package import SecretModel

/// An access key in the clear: what it takes to verify a signature, and whom the key stands for.
///
/// What verification derives from it is kept with it, and goes with it.
package struct AccessCredential: Sendable {
    package let accessKeyID: String
    package let secret: SecretValue
    package let account: AccountID
    /// The name of the user.
    package let user: String
    /// May do everything in its account.
    package let isAdministrator: Bool
    let signingKeys = SigningKeys()

    package init(accessKeyID: String, secret: SecretValue, account: AccountID, user: String, isAdministrator: Bool) {
        self.accessKeyID = accessKeyID
        self.secret = secret
        self.account = account
        self.user = user
        self.isAdministrator = isAdministrator
    }

    package var principalARN: String { "arn:aws:iam::\(self.account):user/\(self.user)" }
}
