import Access
import SecretModel
import Testing

@Suite struct RequestSignerTests {
    @Test(arguments: BotocoreVector.all)
    func `signs as botocore does`(_ vector: BotocoreVector) throws {
        let region = try #require(RegionName("eu-central-1"))
        let key = AccessKey(id: BotocoreVector.accessKeyID, secret: SecretValue(string: BotocoreVector.secret))
        var request = vector.request
        request.headers.removeAll { ["Authorization", "X-Amz-Date"].contains($0.name) }
        let now = try #require(SignatureVerifierTests.signedAt)
        let headers = RequestSigner(key: key, region: region).headers(for: request, now: now)
        let expected = vector.request.headers.suffix(2)
        #expect(headers.map(\.name) == expected.map(\.name))
        #expect(headers.map(\.value) == expected.map(\.value))
    }

    @Test func `new access keys have the forms of AWS`() throws {
        var generator = SystemRandomNumberGenerator()
        let key = AccessKey(using: &generator)
        #expect(key.id.wholeMatch(of: /AKIA[A-Z2-7]{16}/) != nil)
        #expect(try #require(key.secret.string).wholeMatch(of: /[A-Za-z0-9]{40}/) != nil)
        #expect(!"\(key)".contains(try #require(key.secret.string)), "I8: a key prints no secret")
    }
}
