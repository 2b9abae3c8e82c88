package import SecretModel

/// The answer to a call: the HTTP status, and a body of type `application/x-amz-json-1.1`.
package struct APIResponse: Sendable {
    package let status: Int
    /// The value of `x-amzn-ErrorType`; `nil` for success.
    package let errorType: String?
    package let body: [UInt8]

    /// A success.
    package init(_ output: JSONValue) {
        self.status = 200
        self.errorType = nil
        self.body = output.bytes
    }

    /// An error, in the shape of `aws-api.md` §1.3. The transport uses it too, for what it refuses before the router.
    package init(_ error: APIError) {
        self.status = error.status
        self.errorType = error.code
        let member = error.usesCapitalMessage ? "Message" : "message"
        let output: JSONValue = .object([.init("__type", .string(error.code)), .init(member, .string(error.message))])
        self.body = output.bytes
    }
}
