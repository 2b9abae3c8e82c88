package import Access
package import SecretModel

/// One call of the API, freed of its transport: the signature is verified, the body is as it came.
package struct APIRequest: Sendable {
    /// The value of `X-Amz-Target`: `secretsmanager.CreateSecret`.
    package let target: String
    package let body: [UInt8]
    package let caller: VerifiedCaller
    /// The value of `x-amzn-RequestId`.
    package let requestID: String
    package let now: Timestamp

    package init(target: String, body: [UInt8], caller: VerifiedCaller, requestID: String, now: Timestamp) {
        self.target = target
        self.body = body
        self.caller = caller
        self.requestID = requestID
        self.now = now
    }
}
