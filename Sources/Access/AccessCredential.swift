package import SecretModel

/// An access key in the clear: what it takes to verify a signature, and whom the key stands for.
///
/// What verification derives from it is kept with it, and goes with it.
package struct AccessCredential: Sendable {
    package let accessKeyID: String
    package let secret: SecretValue
    package let principal: Principal
    /// `AIDA…`, `AROA…`: what tells the user or the role from another one of its name.
    package let uniqueID: String
    /// What a temporary key needs besides; `nil` for the long-lived keys of a user.
    package let temporary: Temporary?
    let signingKeys = SigningKeys()

    package struct Temporary: Sendable {
        /// What requests must carry as `X-Amz-Security-Token`.
        let token: SecretValue
        let session: AccessSession

        package init(token: SecretValue, session: AccessSession) {
            self.token = token
            self.session = session
        }
    }

    package init(accessKeyID: String, secret: SecretValue, principal: Principal, uniqueID: String, temporary: Temporary? = nil) {
        self.accessKeyID = accessKeyID
        self.secret = secret
        self.principal = principal
        self.uniqueID = uniqueID
        self.temporary = temporary
    }
}
