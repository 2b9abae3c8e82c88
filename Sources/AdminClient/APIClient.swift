import Access
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
package import SecretModel

/// Calls the API as any AWS client would: AWS JSON 1.1, signed with SigV4. Our own operations have targets `keyturn.…`.
package struct APIClient: Sendable {
    private let settings: ClientSettings
    private let http: HTTPClient
    private let now: @Sendable () -> Timestamp

    /// Runs `body` with a client whose connections are closed afterwards.
    package static func with<Result>(
        _ settings: ClientSettings,
        now: @escaping @Sendable () -> Timestamp,
        _ body: (APIClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        if let file = settings.caFile {
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw ClientError.settings("cannot read the certificate authority \(file): keyturn ca prints it")
            }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.file(file)]
            configuration.tlsConfiguration = tls
        }
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(APIClient(settings: settings, http: http, now: now))
            try await http.shutdown()
            return result
        } catch {
            try await http.shutdown()
            throw error
        }
    }

    /// - Parameter target: `secretsmanager.DescribeSecret`, `keyturn.ListRotations`, …
    /// - Throws: `ClientError`.
    package func call(_ target: String, _ input: JSONValue = [:], deadline: Duration = .seconds(60)) async throws(ClientError) -> JSONValue
    {
        let body = input.bytes
        let request = try self.request(target: target, body: body)
        let (status, answer, requestID) = try await self.send(request, deadline: deadline)
        let json: JSONValue
        do throws(JSONSyntaxError) {
            json = answer.isEmpty ? [:] : try JSONValue(parsing: answer)
        } catch {
            throw .unexpectedAnswer("HTTP \(status), and the body is \(error)")
        }
        guard status == 200 else {
            let type = json["__type"]?.stringValue ?? "HTTP \(status)"
            let code = type.split(separator: "#").last.map(String.init) ?? type
            let message = json["Message"]?.stringValue ?? json["message"]?.stringValue ?? ""
            throw .refused(code: code, message: message, requestID: requestID)
        }
        return json
    }

    private func request(target: String, body: [UInt8]) throws(ClientError) -> HTTPClientRequest {
        guard let url = URLComponents(string: self.settings.endpoint), let host = url.host, let scheme = url.scheme else {
            throw .settings("\"\(self.settings.endpoint)\" is no URL")
        }
        let isDefaultPort = url.port == nil || url.port == (scheme == "https" ? 443 : 80)
        let authority = isDefaultPort ? host : "\(host):\(url.port ?? 0)"
        var headers = [
            SignableRequest.Header("Host", authority),
            SignableRequest.Header("Content-Type", "application/x-amz-json-1.1"),
            SignableRequest.Header("X-Amz-Target", target),
        ]
        if let token = self.settings.sessionToken?.string { headers.append(SignableRequest.Header("X-Amz-Security-Token", token)) }
        let signable = SignableRequest(method: "POST", path: "/", headers: headers, body: body)
        let signer = RequestSigner(
            key: AccessKey(id: self.settings.accessKeyID, secret: self.settings.secretAccessKey),
            region: self.settings.region
        )
        var request = HTTPClientRequest(url: "\(scheme)://\(authority)/")
        request.method = .POST
        for header in headers + signer.headers(for: signable, now: self.now()) {
            request.headers.add(name: header.name, value: header.value)
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }

    private func send(
        _ request: HTTPClientRequest,
        deadline: Duration
    ) async throws(ClientError) -> (status: UInt, body: [UInt8], requestID: String?) {
        do {
            let response = try await self.http.execute(request, timeout: .nanoseconds(deadline.wholeMicroseconds * 1_000))
            let body = try await response.body.collect(upTo: 8 << 20)
            return (UInt(response.status.code), Array(body.readableBytesView), response.headers.first(name: "x-amzn-RequestId"))
        } catch let error as NIOSSLError {
            throw .unreachable(
                endpoint: self.settings.endpoint,
                reason: "TLS: \(error). If its authority is not trusted, set AWS_CA_BUNDLE to the output of keyturn ca"
            )
        } catch let error as HTTPClientError {
            throw .unreachable(endpoint: self.settings.endpoint, reason: error.shortDescription)
        } catch {
            throw .unreachable(endpoint: self.settings.endpoint, reason: "\(error)")
        }
    }
}
