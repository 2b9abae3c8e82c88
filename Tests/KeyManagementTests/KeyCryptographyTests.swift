import Encryption
import KeyManagement
import SecretModel
import Storage
import Testing

@Suite("Encrypting with KMS keys")
struct KeyCryptographyTests {
    @Test func `a ciphertext opens with its own context only, in whatever order that is given`() async throws {
        let fixture = try await KeysFixture()
        let (_, reference) = try await fixture.create()
        let context = EncryptionContext([("SecretARN", "arn"), ("SecretVersionId", "v")])
        let ciphertext = try await fixture.encrypt("text", with: reference, context)
        #expect(try await fixture.decrypt(ciphertext, EncryptionContext([("SecretVersionId", "v"), ("SecretARN", "arn")])) == "text")
        let others: [[(name: String, value: String)]] = [
            [], [("SecretARN", "arn")], [("SecretARN", "arn"), ("SecretVersionId", "w")], [("SecretARN", "v"), ("SecretVersionId", "arn")],
            [("SecretARN", "arn"), ("SecretVersionId", "v"), ("more", "")],
        ]
        for other in others {
            await #expect(throws: KeyServiceError.invalidCiphertext) { try await fixture.decrypt(ciphertext, EncryptionContext(other)) }
        }
    }

    @Test func `no altered or shortened ciphertext opens`() async throws {
        let fixture = try await KeysFixture()
        let (_, reference) = try await fixture.create()
        let ciphertext = try await fixture.encrypt("text", with: reference)
        for index in ciphertext.indices {
            var altered = ciphertext
            altered[index] ^= 1
            await #expect(throws: KeyServiceError.self) { try await fixture.decrypt(altered) }
            await #expect(throws: KeyServiceError.self) { try await fixture.decrypt(Array(ciphertext[..<index])) }
        }
    }

    @Test func `after a rotation new material encrypts, and the old goes on decrypting, after a restart too`() async throws {
        let fixture = try await KeysFixture()
        let (_, reference) = try await fixture.create()
        let old = try await fixture.encrypt("old", with: reference)
        #expect(try await fixture.keys.rotate(reference, KeysFixture.origin(after: .days(1))).generation == 2)
        let new = try await fixture.encrypt("new", with: reference)
        #expect(Ciphertext(old)?.generation == 1)
        #expect(Ciphertext(new)?.generation == 2)
        for keys in [fixture.keys, try fixture.restarted()] {
            #expect(try await fixture.decrypt(old, by: keys) == "old")
            #expect(try await fixture.decrypt(new, by: keys) == "new")
        }
        let (_, made) = try await fixture.keys.rotations(of: reference, KeysFixture.origin())
        #expect(made.map(\.origin) == [.onDemand])
        #expect(made.map(\.createdAt) == [KeysFixture.start + .days(1)])
    }

    @Test func `a key that is due is rotated once, a disabled one is not`() async throws {
        let fixture = try await KeysFixture()
        let (key, reference) = try await fixture.create()
        let (_, disabled) = try await fixture.create()
        for reference in [reference, disabled] { try await fixture.keys.enableRotation(of: reference, every: 90, KeysFixture.origin()) }
        try await fixture.keys.disable(disabled, KeysFixture.origin())
        #expect(try await fixture.keys.rotateDueKeys(at: KeysFixture.start + .days(89)) == [])
        #expect(try await fixture.keys.rotateDueKeys(at: KeysFixture.start + .days(91)) == [key.id])
        #expect(try await fixture.keys.rotateDueKeys(at: KeysFixture.start + .days(91)) == [])
        let rotated = try await fixture.keys.describe(reference, KeysFixture.origin())
        #expect(rotated.generation == 2)
        #expect(rotated.rotation?.nextAt == KeysFixture.start + .days(181))
    }

    @Test func `encrypting again moves a text to another key and context without showing it`() async throws {
        let fixture = try await KeysFixture()
        let (first, source) = try await fixture.create()
        let (second, destination) = try await fixture.create()
        let ciphertext = try await fixture.encrypt("text", with: source)
        let context = EncryptionContext([("a", "b")])
        let (made, sourceARN) = try await fixture.keys.reEncrypt(
            ciphertext,
            from: (.init(), source),
            to: (context, destination),
            KeysFixture.origin()
        )
        #expect(sourceARN == first.arn)
        #expect(made.keyARN == second.arn)
        #expect(try await fixture.decrypt(made.content.bytes, context) == "text")
        await #expect(throws: KeyServiceError.incorrectKey) {
            try await fixture.keys.decrypt(ciphertext, context: .init(), with: destination, KeysFixture.origin())
        }
    }

    @Test func `a data key is as long as asked, and its ciphertext opens to it`() async throws {
        let fixture = try await KeysFixture()
        let (_, reference) = try await fixture.create()
        let (plain, made) = try await fixture.keys.dataKey(bytes: 48, context: .init(), with: reference, KeysFixture.origin())
        #expect(plain.bytes.count == 48)
        let opened = try await fixture.keys.decrypt(made.content.bytes, context: .init(), with: nil, KeysFixture.origin()).content
        #expect(opened.isSame(as: plain))
    }

    @Test func `keys of another region are not there, and those of another account only for who names them by ARN`() async throws {
        let fixture = try await KeysFixture()
        let (key, reference) = try await fixture.create()
        let byID = try KeyReference(key.id.description)
        let ciphertext = try await fixture.encrypt("text", with: reference)
        let account = try #require(AccountID("111111111111"))
        let elsewhere = KeysFixture.origin(scope: SecretScope(account: .initial, region: try #require(RegionName("us-east-1"))))
        let foreign = KeysFixture.origin(scope: SecretScope(account: account, region: KeysFixture.scope.region))
        for origin in [elsewhere, foreign] {
            await #expect(throws: KeyServiceError.self) { try await fixture.keys.describe(byID, origin) }
            await #expect(throws: KeyServiceError.self) {
                try await fixture.keys.encrypt(SecretValue(string: "x"), context: .init(), with: byID, origin)
            }
            // What changes a key is for its own account.
            await #expect(throws: KeyServiceError.self) { try await fixture.keys.disable(reference, origin) }
            #expect(try await fixture.keys.list(after: nil, limit: 10, origin) == [])
        }
        await #expect(throws: KeyServiceError.self) { try await fixture.keys.describe(reference, elsewhere) }
        await #expect(throws: KeyServiceError.ciphertextOfUnknownKey) {
            try await fixture.keys.decrypt(ciphertext, context: .init(), with: nil, elsewhere)
        }
        // Whether the caller may is decided before.
        #expect(try await fixture.keys.describe(reference, foreign).id == key.id)
        let opened = try await fixture.keys.decrypt(ciphertext, context: .init(), with: reference, foreign).content
        #expect(opened.bytes == Array("text".utf8))
    }
}
