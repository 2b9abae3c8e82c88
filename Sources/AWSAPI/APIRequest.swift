package import Access
package import Auditing
package import SecretModel

/// One call of the API, freed of its transport: the signature is verified, the body is as it came.
package struct APIRequest: Sendable {
    /// How the call is written, and so its answer.
    package enum Form: Sendable {
        /// AWS JSON 1.1.
        case json([UInt8])
        case query(QueryCall)
    }

    /// The value of `X-Amz-Target`: `secretsmanager.CreateSecret`.
    package let target: String
    package let form: Form
    package let caller: VerifiedCaller
    package let client: RequestClient
    /// Whether it came over TLS.
    package let isSecure: Bool
    /// The value of `x-amzn-RequestId`.
    package let requestID: String
    package let now: Timestamp

    package init(target: String, body: [UInt8], caller: VerifiedCaller, client: RequestClient, requestID: String, now: Timestamp) {
        self.init(target: target, form: .json(body), caller: caller, client: client, requestID: requestID, now: now)
    }

    package init(
        target: String,
        form: Form,
        caller: VerifiedCaller,
        client: RequestClient,
        isSecure: Bool = true,
        requestID: String,
        now: Timestamp
    ) {
        self.target = target
        self.form = form
        self.caller = caller
        self.client = client
        self.isSecure = isSecure
        self.requestID = requestID
        self.now = now
    }
}
