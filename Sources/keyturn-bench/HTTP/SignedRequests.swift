import Access
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SecretModel

/// GetSecretValue for each of some secrets, signed beforehand: signing is the client's work, and is not what is measured.
struct SignedRequests: Sendable {
    let all: [HTTPClientRequest]

    /// Signatures are good for five minutes.
    init(for names: [String], to endpoint: String, by key: AccessKey, at now: Timestamp) throws {
        let signer = RequestSigner(key: key, region: try BenchInstallation.scope.region)
        let host = String(endpoint.drop { $0 != "/" }.drop { $0 == "/" })
        self.all = names.map { name in
            let body = JSONValue.object([.init("SecretId", .string(name))]).bytes
            let headers = [
                SignableRequest.Header("Host", host),
                SignableRequest.Header("Content-Type", "application/x-amz-json-1.1"),
                SignableRequest.Header("X-Amz-Target", "secretsmanager.GetSecretValue"),
            ]
            let signable = SignableRequest(method: "POST", path: "/", headers: headers, body: body)
            var request = HTTPClientRequest(url: "\(endpoint)/")
            request.method = .POST
            for header in headers + signer.headers(for: signable, now: now) { request.headers.add(name: header.name, value: header.value) }
            request.body = .bytes(ByteBuffer(bytes: body))
            return request
        }
    }
}
