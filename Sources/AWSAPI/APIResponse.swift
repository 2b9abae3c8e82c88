package import SecretModel

/// The answer to a call: the HTTP status, and a body of the type that the call's protocol has.
package struct APIResponse: Sendable {
    package let status: Int
    /// The value of `x-amzn-ErrorType`; `nil` for success.
    package let errorType: String?
    package let contentType: String
    package let body: [UInt8]

    private static let json = "application/x-amz-json-1.1"
    private static let xml = "text/xml"

    /// A success.
    package init(_ output: JSONValue) {
        self.status = 200
        self.errorType = nil
        self.contentType = Self.json
        self.body = output.bytes
    }

    /// An error, in the shape of `aws-api.md` §1.3. The transport uses it too, for what it refuses before the router.
    package init(_ error: APIError) {
        self.status = error.status
        self.errorType = error.code
        self.contentType = Self.json
        let member = error.usesCapitalMessage ? "Message" : "message"
        let output: JSONValue = .object([.init("__type", .string(error.code)), .init(member, .string(error.message))])
        self.body = output.bytes
    }

    /// A success of the query protocol.
    init(_ output: JSONValue, of call: QueryCall, requestID: String) {
        self.status = 200
        self.errorType = nil
        self.contentType = Self.xml
        self.body = QueryAnswer.success(call.action, output, requestID: requestID)
    }

    /// An error of the query protocol.
    package init(query error: APIError, requestID: String) {
        let error = error.inQueryWords
        self.status = error.status
        self.errorType = error.code
        self.contentType = Self.xml
        self.body = QueryAnswer.failure(error, requestID: requestID)
    }
}
