import SecretModel
import Testing

@testable import Access

@Suite("Temporary keys work with their token only, and until they expire (aws-service.md §3.6)")
struct SessionTests {
    private static let expiry = Timestamp(seconds: 1_800_000_000)

    private func verify(token: String?, at now: Timestamp, isTemporary: Bool = true) throws -> VerifiedCaller {
        let region = try #require(RegionName("eu-west-1"))
        let key = AccessKey(id: "ASIAEXAMPLE", secret: SecretValue(string: "secret"))
        var headers = [SignableRequest.Header("Host", "localhost")]
        if let token { headers.append(SignableRequest.Header("X-Amz-Security-Token", token)) }
        var request = SignableRequest(method: "POST", path: "/", headers: headers, body: [])
        request.headers += RequestSigner(key: key, region: region).headers(for: request, now: now)
        let session = AccessSession(policies: nil, issuedAt: Self.expiry - .hours(12), expiresAt: Self.expiry)
        let temporary = AccessCredential.Temporary(token: SecretValue(string: "the token"), session: session)
        let credential = AccessCredential(
            accessKeyID: key.id,
            secret: key.secret,
            principal: .user(.initial, name: "ann"),
            uniqueID: "AIDAEXAMPLE",
            temporary: isTemporary ? temporary : nil
        )
        let claim = try SignatureClaim(request)
        return try SignatureVerifier().verify(claim, of: request, service: "secretsmanager", now: now, credential: credential)
    }

    @Test func `with its token a temporary key is its user's until the session is over`() throws {
        let caller = try self.verify(token: "the token", at: Self.expiry - .seconds(1))
        #expect(caller.session?.expiresAt == Self.expiry)
        #expect(caller.principalARN == "arn:aws:iam::000000000000:user/ann")
        #expect(throws: SignatureError.expiredToken) { try self.verify(token: "the token", at: Self.expiry) }
        #expect(SignatureError.expiredToken.code == "ExpiredTokenException")
        #expect(SignatureError.expiredToken.message == "The security token included in the request is expired")
    }

    @Test func `without a token, or with another, it is unknown; so is a long-lived key with one`() throws {
        let now = Self.expiry - .hours(1)
        for token in [nil, "another", ""] {
            #expect(throws: SignatureError.unknownAccessKey) { try self.verify(token: token, at: now) }
        }
        #expect(throws: SignatureError.unknownAccessKey) { try self.verify(token: "the token", at: now, isTemporary: false) }
        #expect(try self.verify(token: nil, at: now, isTemporary: false).session == nil)
    }
}
