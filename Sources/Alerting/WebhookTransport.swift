import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SecretModel

/// Delivers by HTTP POST (`alerting.md` §5): 2xx is accepted, 410 is the end, redirects are never followed, all else is tried again.
struct WebhookTransport: SinkTransport {
    let client: HTTPClient
    let url: String
    let signer: WebhookSigner

    private static let timeout: TimeAmount = .seconds(15)

    /// Redirects off: a signed event goes where the configuration says and nowhere else.
    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func deliver(_ notification: Notification) async -> DeliveryResult {
        var request = HTTPClientRequest(url: self.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/cloudevents+json")
        request.headers.add(name: "user-agent", value: "keyturn")
        request.headers.add(name: "webhook-id", value: notification.id)
        request.headers.add(name: "webhook-timestamp", value: String(notification.at.seconds))
        request.headers.add(
            name: "webhook-signature",
            value: self.signer.signature(id: notification.id, timestamp: notification.at.seconds, body: notification.body)
        )
        request.body = .bytes(ByteBuffer(string: notification.body))
        do {
            let response = try await self.client.execute(request, timeout: WebhookTransport.timeout)
            return WebhookTransport.result(status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after"))
        } catch let error as HTTPClientError {
            // Its description has no URL, which may hold a token.
            return .failed("no answer: \(error.shortDescription)")
        } catch {
            return .failed("no answer: \(type(of: error)): \(WebhookTransport.reason(error))")
        }
    }

    static func result(status: Int, retryAfter: String?) -> DeliveryResult {
        switch status {
        case 200..<300: return .accepted("HTTP \(status)")
        case 410: return .refused("HTTP 410: the receiver wants no more messages")
        case 300..<400: return .failed("HTTP \(status): redirects are not followed")
        case 429, 502, 503, 504:
            let seconds = retryAfter.flatMap { Int64($0) }.flatMap { (0...86_400).contains($0) ? $0 : nil }
            return .failed("HTTP \(status)", after: seconds.map { .seconds($0) })
        default: return .failed("HTTP \(status)")
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "the connection failed" }
        return error.description
    }
}
