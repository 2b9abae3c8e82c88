/// Who asks for something, where and when: goes into the audit trail with every change (I9).
package struct RequestOrigin: Hashable, Sendable {
    /// The caller's account and the region of the request: names are looked up here, and nothing outside is found.
    package let scope: SecretScope
    /// A principal's ARN, or `secretsmanager.amazonaws.com` for what the daemon does by itself.
    package let principal: String
    package let requestID: String
    package let now: Timestamp

    package init(scope: SecretScope, principal: String, requestID: String, now: Timestamp) {
        self.scope = scope
        self.principal = principal
        self.requestID = requestID
        self.now = now
    }
}
