import Encryption
import SecretModel
import Storage
import Testing

@testable import AWSAPI
@testable import Access

/// Session tokens: nothing of them is stored, so what they say must come back, and nothing else may pass for one.
@Suite struct SessionTokensTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private let tokens: SessionTokens
    private let role = RoleSession(
        role: IdentityID(account: .initial, kind: .role, name: "app"),
        roleID: "AROA0000000000000000",
        name: "s1",
        policy: #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        policyNames: ["limits"],
        tags: [SessionTag(key: "Équipe", value: "a\"b", isTransitive: true)]
    )

    init() throws {
        self.tokens = SessionTokens(keyring: try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring)
    }

    private func issue(_ holder: SessionTokens.Holder) throws -> SessionTokens.Credentials {
        var generator = SystemRandomNumberGenerator()
        return try self.tokens.issue(for: holder, lasting: .hours(1), at: Self.now, using: &generator)
    }

    @Test func `what a token says comes back`() throws {
        for holder in [SessionTokens.Holder.user(accessKeyID: "AKIA1"), .role(self.role)] {
            let issued = try self.issue(holder)
            let session = try #require(self.tokens.session(issued.token.string ?? ""))
            #expect(session.holder == holder)
            #expect(session.key.id == issued.key.id && session.key.id.hasPrefix("ASIA"))
            #expect(session.key.secret.isSame(as: issued.key.secret))
            #expect(session.issuedAt == Self.now && session.expiresAt == Self.now + .hours(1))
            #expect(issued.expiresAt == session.expiresAt)
        }
    }

    @Test func `an altered token, or another store's, is none`() throws {
        let token = try self.issue(.role(self.role)).token.string ?? ""
        for index in stride(from: 0, to: token.utf8.count - 4, by: 7) {
            var bytes = Array(token.utf8)
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(self.tokens.session(String(decoding: bytes, as: UTF8.self)) == nil, "altered at \(index)")
        }
        #expect(try SessionTokensTests().tokens.session(token) == nil)
        for text in ["", "AAAA", "not base64", String(token.dropLast(4))] { #expect(self.tokens.session(text) == nil) }
    }

    @Test func `the room for policies and tags is measured`() throws {
        func size(_ policy: String?, tags: Int = 0) throws -> Int? {
            let tag = SessionTag(key: "k", value: String(repeating: "v", count: 255), isTransitive: false)
            return try RoleSession(
                role: self.role.role,
                roleID: "AROA",
                name: "s1",
                policy: policy,
                tags: Array(repeating: tag, count: tags)
            ).packedSize()
        }
        #expect(try size(nil) == nil)
        #expect(try size("x") == 1)
        #expect(try size(String(repeating: "x", count: 2_048)) == 25)
        #expect(try size(nil, tags: 32) == 100)
        let error = try #require(throws: APIError.self) { try size(nil, tags: 33) }
        #expect(error.code == "PackedPolicyTooLarge")
    }

    @Test func `expired credentials are told in the query protocol's words`() {
        let error = SignatureError.expiredToken
        let response = APIResponse(query: APIError(code: error.code, message: error.message), requestID: "1")
        let body = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 403)
        #expect(body.contains("<Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message>"))
    }
}
