import AWSAPI
import HTTPTypes
import HummingbirdCore
import NIOCore

extension Response {
    /// An answer of the API. Hummingbird adds `Date`, from which SDKs correct their clocks.
    ///
    /// - Parameter isLast: Whether the connection is closed behind it.
    init(_ answer: APIResponse, requestID: String, isLast: Bool) {
        var headers: HTTPFields = [.contentType: answer.contentType]
        if isLast { headers[.connection] = "close" }
        if let name = HTTPField.Name("x-amzn-RequestId") { headers[name] = requestID }
        if let name = HTTPField.Name("x-amzn-ErrorType"), let type = answer.errorType { headers[name] = type }
        self.init(
            status: HTTPResponse.Status(code: answer.status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
