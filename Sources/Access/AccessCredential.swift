package import SecretModel

/// An access key in the clear: what it takes to verify a signature, and whom the key stands for.
///
/// What verification derives from it is kept with it, and goes with it.
package struct AccessCredential: Sendable {
    package let accessKeyID: String
    package let secret: SecretValue
    package let principal: Principal
    /// `nil` for the long-lived keys of a user.
    package let session: AccessSession?
    let signingKeys = SigningKeys()

    package init(accessKeyID: String, secret: SecretValue, principal: Principal, session: AccessSession? = nil) {
        self.accessKeyID = accessKeyID
        self.secret = secret
        self.principal = principal
        self.session = session
    }
}
