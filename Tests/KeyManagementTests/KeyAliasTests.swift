import Encryption
import KeyManagement
import SecretModel
import Storage
import Testing

@Suite("Aliases of KMS keys")
struct KeyAliasTests {
    @Test func `an alias names a key until it is moved or deleted`() async throws {
        let fixture = try await KeysFixture()
        let (first, target) = try await fixture.create()
        let (second, other) = try await fixture.create()
        try await fixture.keys.createAlias("alias/app", for: target, KeysFixture.origin())
        let forms = ["alias/app", "arn:aws:kms:eu-west-1:000000000000:alias/app"]
        for form in forms { #expect(try await fixture.keys.describe(KeyReference(form), KeysFixture.origin()).id == first.id) }

        try await fixture.keys.updateAlias("alias/app", to: other, KeysFixture.origin(after: .hours(1)))
        for form in forms { #expect(try await fixture.keys.describe(KeyReference(form), KeysFixture.origin()).id == second.id) }
        let listed = try await fixture.keys.aliases(of: other, after: nil, limit: 10, KeysFixture.origin())
        #expect(listed.map(\.name) == ["alias/app"])
        #expect(listed.first?.createdAt == KeysFixture.start)
        #expect(listed.first?.changedAt == KeysFixture.start + .hours(1))
        #expect(try await fixture.keys.aliases(of: target, after: nil, limit: 10, KeysFixture.origin()) == [])

        try await fixture.keys.deleteAlias("alias/app", KeysFixture.origin())
        await #expect(throws: KeyServiceError.noSuchAlias(arn: forms[1])) {
            try await fixture.keys.describe(KeyReference("alias/app"), KeysFixture.origin())
        }
        #expect(try await fixture.keys.describe(other, KeysFixture.origin()).id == second.id, "the key stays")
    }

    @Test func `I12 names that cannot be, are taken or reserved are refused`() async throws {
        let fixture = try await KeysFixture()
        let (key, target) = try await fixture.create()
        try await fixture.keys.createAlias("alias/taken", for: target, KeysFixture.origin())
        let cases: [(String, KeyServiceError)] = [
            ("alias/taken", .aliasExists(arn: "arn:aws:kms:eu-west-1:000000000000:alias/taken")),
            ("alias/aws/x", .reservedAlias("alias/aws/x")), ("app", .invalidAlias("app")), ("alias/", .invalidAlias("alias/")),
            ("alias/a b", .invalidAlias("alias/a b")), ("alias/a:b", .invalidAlias("alias/a:b")), ("alias/ä", .invalidAlias("alias/ä")),
        ]
        for (name, refusal) in cases {
            await #expect(throws: refusal) { try await fixture.keys.createAlias(name, for: target, KeysFixture.origin()) }
        }
        let aliases = try await fixture.keys.aliases(of: nil, after: nil, limit: 10, KeysFixture.origin())
        #expect(aliases.map(\.key) == [key.id])
    }

    @Test func `what changes a key takes no alias`() async throws {
        let fixture = try await KeysFixture()
        let (_, target) = try await fixture.create()
        try await fixture.keys.createAlias("alias/app", for: target, KeysFixture.origin())
        await #expect(throws: KeyServiceError.aliasInsteadOfKey("alias/app")) {
            try await fixture.keys.disable(KeyReference("alias/app"), KeysFixture.origin())
        }
    }

    @Test func `references are read by their form`() throws {
        #expect(try KeyReference("1234").target == .key(.init("1234")))
        #expect(try KeyReference("alias/a").target == .alias("alias/a"))
        let arn = try KeyReference("arn:aws:kms:eu-west-1:000000000000:key/1234")
        #expect(arn.target == .key(.init("1234")))
        #expect(arn.scope == KeysFixture.scope)
        for text in ["arn:aws:kms:eu-west-1:000000000000:1234", "arn:aws:s3:eu-west-1:000000000000:key/1", "arn:aws:kms:x:1:key/1", "arn:"]
        {
            #expect(throws: KeyServiceError.malformedARN(text)) { try KeyReference(text) }
        }
    }
}
