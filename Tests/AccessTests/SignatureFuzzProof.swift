import Access
import SecretModel
import TestSupport
import Testing

@Suite struct SignatureFuzzProof {
    /// Each input is the head of a request, one header a line, as `Name: value`; the first line is method, path and query.
    private static func text(_ request: SignableRequest) -> String {
        (["\(request.method) \(request.path) \(request.query)"] + request.headers.map { "\($0.name): \($0.value)" })
            .joined(separator: "\n")
    }

    private static func request(_ input: [UInt8], body: [UInt8]) -> SignableRequest {
        let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        let first = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let headers = lines.dropFirst().map { line -> SignableRequest.Header in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return SignableRequest.Header(parts[0], parts.count == 2 ? String(parts[1].drop { $0 == " " }) : "")
        }
        return SignableRequest(
            method: first[0],
            path: first.count > 1 ? first[1] : "",
            query: first.dropFirst(2).joined(separator: " "),
            headers: headers,
            body: body
        )
    }

    @Test func `no change of what is signed is accepted`() throws {
        let now = try #require(SignatureVerifierTests.signedAt)
        let vectors = BotocoreVector.all.map { (text: Self.text($0.request), request: $0.request) }
        let signatures = vectors.compactMap { vector in
            vector.request.values(of: "authorization").first?.split(separator: "Signature=").last.map(String.init)
        }
        let tokens = [
            "Authorization: ", "AWS4-HMAC-SHA256 ", "Credential=", "SignedHeaders=", "Signature=", "/aws4_request", "host;x-amz-date", ";",
            ",",
            "=", "X-Amz-Date: 20261121T120000Z", "Date: Sat, 21 Nov 2026 12:00:00 GMT", "X-Amz-Security-Token: x", "Host: a", "\n", ":",
            "x-amz-content-sha256: ", "X-Amz-Signature=", "..", "//", "%2F", "+", "&",
        ]
        let body = vectors[0].request.body
        try FuzzRun("signature").run(examples: vectors.map(\.text), tokens: tokens) { input in
            let request = Self.request(input, body: body)
            let claim: SignatureClaim
            do throws(SignatureError) {
                claim = try SignatureClaim(request)
                _ = try SignatureVerifier().verify(
                    claim,
                    of: request,
                    service: "secretsmanager",
                    now: now,
                    credential: SignatureVerifierTests.credential
                )
            } catch {
                return "\(error.code) \(error.message)"
            }
            let header = request.values(of: "authorization").joined()
            guard signatures.contains(where: header.contains) else { throw FixtureError("a signature that nobody made was accepted") }
            guard request.values(of: "x-amz-target").joined() == vectors[0].request.values(of: "x-amz-target").joined() else {
                throw FixtureError("another target was accepted")
            }
            return "accepted"
        }
    }
}
