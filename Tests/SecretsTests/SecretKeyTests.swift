import Auditing
import Encryption
import KeyManagement
import RotationModel
import SecretModel
import Secrets
import Storage
import Testing

@Suite("KmsKeyId of secrets (aws-service.md §2.2)")
struct SecretKeyTests {
    private func makeKey(_ fixture: SecretsFixture, alias: String? = nil) async throws -> AccountKeyRecord {
        let key = try await fixture.keys.create(description: "", policy: nil, tags: [], SecretsFixture.origin())
        if let alias { try await fixture.keys.createAlias(alias, for: KeyReference(key.arn), SecretsFixture.origin()) }
        return key
    }

    private func setKey(_ text: String, of name: String = "db", _ fixture: SecretsFixture) async throws {
        let update = SecretService.Update(kmsKeyID: text)
        let token = SecretsFixture.token("unused")
        _ = try await fixture.service.update(SecretsFixture.name(name), update, token: token, SecretsFixture.origin(after: .minutes(1)))
    }

    /// The key of each version, by the text of its token; `nil` for the default key.
    private func keys(_ fixture: SecretsFixture) async throws -> [String: String?] {
        let versions = try await fixture.service.versions(of: SecretsFixture.name("db"), SecretsFixture.origin()).1
        return Dictionary(uniqueKeysWithValues: versions.map { (String($0.version.id.description.prefix { $0 != "-" }), $0.keyARN) })
    }

    @Test func `a key is named by id, ARN, alias or alias ARN, and the name is kept as it was given`() async throws {
        let fixture = try await SecretsFixture()
        let key = try await self.makeKey(fixture, alias: "alias/app")
        let forms = [key.id.description, key.arn, "alias/app", "arn:aws:kms:eu-west-1:000000000000:alias/app"]
        for (number, form) in forms.enumerated() {
            let name = "db\(number)"
            let creation = SecretService.Creation(
                token: SecretsFixture.token("first"),
                value: SecretValue(string: "one"),
                kmsKeyID: form
            )
            let secret = try await fixture.service.create(try #require(SecretName(name)), creation, SecretsFixture.origin()).0
            #expect(secret.kmsKeyID == form)
            let versions = try await fixture.service.versions(of: SecretsFixture.name(name), SecretsFixture.origin()).1
            #expect(versions.map(\.keyARN) == [key.arn])
            #expect(try await fixture.text(name) == "one")
        }
    }

    @Test func `I12 a key that is not there, or not to be used, is refused`() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        let disabled = try await self.makeKey(fixture)
        try await fixture.keys.disable(KeyReference(disabled.arn), SecretsFixture.origin())
        let elsewhere = "arn:aws:kms:us-east-1:000000000000:key/\(disabled.id)"
        let cases: [(String, KeyServiceError)] = [
            ("alias/none", .noSuchAlias(arn: "arn:aws:kms:eu-west-1:000000000000:alias/none")),
            ("none", .noSuchKey(arn: "arn:aws:kms:eu-west-1:000000000000:key/none")),
            (elsewhere, .noSuchKey(arn: elsewhere)), (disabled.arn, .disabled(arn: disabled.arn)), ("arn:x", .malformedARN("arn:x")),
        ]
        for (text, cause) in cases {
            try await fixture.refuses(.key(.cannotEncrypt(cause))) { try await self.setKey(text, fixture) }
            let creation = SecretService.Creation(token: SecretsFixture.token("first"), kmsKeyID: text)
            await #expect(throws: SecretServiceError.key(.cannotEncrypt(cause))) {
                _ = try await fixture.service.create(try #require(SecretName("new")), creation, SecretsFixture.origin())
            }
        }
    }

    @Test func `another key takes over the values with AWSCURRENT, AWSPENDING and AWSPREVIOUS, no others`() async throws {
        let fixture = try await SecretsFixture()
        let (old, new) = (try await self.makeKey(fixture), try await self.makeKey(fixture))
        try await fixture.create("db")
        try await self.setKey(old.arn, fixture)
        try await fixture.put("two", "second")
        try await fixture.put("three", "third")
        try await fixture.put("pending", "pending", ["AWSPENDING"])
        try await fixture.put("own", "custom", ["mine"])
        #expect(
            try await self.keys(fixture) == ["first": old.arn, "second": old.arn, "third": old.arn, "pending": old.arn, "custom": old.arn]
        )

        try await self.setKey(new.arn, fixture)
        #expect(
            try await self.keys(fixture) == ["first": old.arn, "second": new.arn, "third": new.arn, "pending": new.arn, "custom": old.arn]
        )
        for (label, text) in [("AWSCURRENT", "three"), ("AWSPREVIOUS", "two"), ("AWSPENDING", "pending"), ("mine", "own")] {
            #expect(try await fixture.text(label: label) == text)
        }
        try await fixture.keys.disable(KeyReference(old.arn), SecretsFixture.origin())
        #expect(try await fixture.text() == "three", "needs its old key no more")
        await #expect(throws: SecretServiceError.key(.cannotDecrypt(.disabled(arn: old.arn)))) { try await fixture.text(version: "first") }

        try await self.setKey("", fixture)
        #expect(try await fixture.service.describe(SecretsFixture.name("db"), SecretsFixture.origin()).kmsKeyID == nil)
        #expect(try await self.keys(fixture)["third"] == .some(nil))
    }

    /// What a cancelled run set may be what logs in: its key may go once the secret has another one.
    @Test func `I1 another key takes over what runs may have set, and leaves what cannot be opened`() async throws {
        let fixture = try await SecretsFixture()
        let (lost, old, new) = (try await self.makeKey(fixture), try await self.makeKey(fixture), try await self.makeKey(fixture))
        let arn = try await fixture.create("db").arn
        try await self.setKey(lost.arn, fixture)
        try await fixture.enableRotation(run: "unopened")
        func ends(_ text: String, setting value: String) async throws {
            try await fixture.store.write { store in
                let token = SecretsFixture.token(text)
                try fixture.fillPending(token, of: arn, with: value, in: store)
                try fixture.moves.dropPending(token, of: arn, isTemporary: false, at: SecretsFixture.start, in: store)
                var run = try #require(try store.run(RunID(secret: arn, token: token)))
                (run.state, run.isTargetTouched, run.nextAttemptAt) = (.cancelled, true, nil)
                try store.updateTakingOver(run)
            }
        }
        try await ends("unopened", setting: "zero")
        // The labelled value goes to the next key, and the run's is put back under the one that is lost.
        let left = try await fixture.store.read { try $0.version(SecretsFixture.token("unopened"), of: arn) }
        try await self.setKey(old.arn, fixture)
        try await fixture.store.write { try $0.update(try #require(left)) }
        try await fixture.keys.disable(KeyReference(lost.arn), SecretsFixture.origin())

        try await fixture.enableRotation(run: "cancelled")
        try await ends("cancelled", setting: "two")
        try await fixture.enableRotation(run: "live")
        try await fixture.store.write { store in
            try fixture.fillPending(SecretsFixture.token("live"), of: arn, with: "three", in: store)
        }
        _ = try await fixture.service.move(
            .pending,
            from: SecretsFixture.token("live"),
            to: nil,
            of: SecretsFixture.name("db"),
            SecretsFixture.origin()
        )
        #expect(try await self.keys(fixture) == ["first": old.arn, "unopened": lost.arn, "cancelled": old.arn, "live": old.arn])

        try await self.setKey(new.arn, fixture)
        #expect(try await self.keys(fixture) == ["first": new.arn, "unopened": lost.arn, "cancelled": new.arn, "live": new.arn])
        try await fixture.keys.disable(KeyReference(old.arn), SecretsFixture.origin())
        #expect(try await fixture.text(version: "cancelled") == "two")
        #expect(try await fixture.text(version: "live") == "three")
    }

    @Test func `a rotation uses a key of another account only while its policy names the secret's`() async throws {
        let fixture = try await SecretsFixture()
        let foreign = SecretScope(account: try #require(AccountID("999999999999")), region: SecretsFixture.scope.region)
        func policy(_ account: AccountID) -> String {
            #"{"Statement":{"Effect":"Allow","Principal":{"AWS":"\#(account)"},"Action":"kms:*","Resource":"*"}}"#
        }
        let owner = SecretsFixture.origin().within(foreign.account)
        let key = try await fixture.keys.create(description: "", policy: policy(SecretsFixture.scope.account), tags: [], owner)
        try await fixture.create("db")
        try await self.setKey(key.arn, fixture)
        #expect(try await self.keys(fixture) == ["first": key.arn])
        let moves = fixture.moves
        func rotates(_ token: VersionID) async throws {
            try await fixture.store.write { store in
                let arn = try #require(try store.secret(matching: SecretsFixture.name("db"), in: SecretsFixture.scope)).arn
                _ = try moves.value(at: .current, of: arn, in: store)
                try moves.registerPending(token, of: try #require(try store.secret(arn)), at: SecretsFixture.start, in: store)
                let head = try #require(try store.head(matching: .arn(arn), in: arn.scope))
                try moves.checkKey(of: head, in: store)
                let value = SecretValue(string: "new")
                try moves.fillPending(token, of: head, with: value, ifEmpty: true, at: SecretsFixture.start, in: store)
            }
        }
        try await rotates(SecretsFixture.token("run"))
        try await fixture.keys.putPolicy(policy(foreign.account), name: KeyPolicy.name, on: KeyReference(key.arn), owner)
        let refusal = KeyServiceError.notForAccount(SecretsFixture.scope.account, arn: key.arn)
        await #expect(throws: KeyUseError.cannotDecrypt(refusal)) { try await rotates(SecretsFixture.token("second")) }
        let head = try #require(try await fixture.service.head(of: SecretsFixture.name("db"), SecretsFixture.origin()))
        await #expect(throws: KeyUseError.cannotEncrypt(refusal)) { try await fixture.store.read { try moves.checkKey(of: head, in: $0) } }
    }

    @Test func `I12 values whose key is disabled are not re-encrypted, and everything stays`() async throws {
        let fixture = try await SecretsFixture()
        let (old, new) = (try await self.makeKey(fixture), try await self.makeKey(fixture))
        try await fixture.create("db")
        try await self.setKey(old.arn, fixture)
        try await fixture.keys.disable(KeyReference(old.arn), SecretsFixture.origin())
        try await fixture.refuses(.key(.cannotDecrypt(.disabled(arn: old.arn)))) { try await self.setKey(new.arn, fixture) }
        try await fixture.refuses(.key(.cannotEncrypt(.disabled(arn: old.arn)))) { try await fixture.put("two", "second") }
    }

    @Test func `the next value goes under the key that the alias names by then`() async throws {
        let fixture = try await SecretsFixture()
        let old = try await self.makeKey(fixture, alias: "alias/app")
        let new = try await self.makeKey(fixture)
        try await fixture.create("db")
        try await self.setKey("alias/app", fixture)
        try await fixture.keys.updateAlias("alias/app", to: KeyReference(new.arn), SecretsFixture.origin())
        try await fixture.put("two", "second")
        #expect(try await self.keys(fixture) == ["first": old.arn, "second": new.arn])
        try await self.setKey("alias/app", fixture)
        #expect(try await self.keys(fixture) == ["first": new.arn, "second": new.arn])
    }

    @Test func `the default key is not echoed, whatever it is called`() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        for text in ["alias/aws/secretsmanager", "arn:aws:kms:eu-west-1:000000000000:alias/aws/secretsmanager"] {
            try await self.setKey(text, fixture)
            #expect(try await fixture.service.describe(SecretsFixture.name("db"), SecretsFixture.origin()).kmsKeyID == nil)
        }
        #expect(try await self.keys(fixture) == ["first": nil])
        let key = try await fixture.keys.describe(KeyReference("alias/aws/secretsmanager"), SecretsFixture.origin())
        let version = try await fixture.service.versions(of: SecretsFixture.name("db"), SecretsFixture.origin()).1.first?.version
        #expect(version?.value?.keyID == key.id, "it really encrypts")
    }

    @Test func `whatever takes values from under keys calls the key hook, with the keys of the values that have labels`() async throws {
        let fixture = try await SecretsFixture(keyHook: { keys, now, store in
            let record = AlertRecord(
                fingerprint: "calls",
                name: "calls",
                secret: nil,
                severity: "error",
                startsAt: now,
                errorCode: keys.map(\.description).sorted().joined(separator: " "),
                attempts: try (store.alert("calls")?.attempts ?? 0) + 1,
                data: "none"
            )
            try store.save(record)
        })
        func calls(during body: () async throws -> Void) async throws -> Int {
            let before = try await fixture.store.read { try $0.alert("calls")?.attempts ?? 0 }
            try await body()
            let after = try await fixture.store.read { try $0.alert("calls")?.attempts ?? 0 }
            return after - before
        }
        func expectKeys(_ keys: [AccountKeyRecord]) async throws {
            let known = try await fixture.store.read { try $0.alert("calls")?.errorCode }
            #expect(known == keys.map(\.id.description).sorted().joined(separator: " "))
        }
        let region = try #require(RegionName("us-east-1"))
        let there = SecretsFixture.origin(scope: SecretScope(account: .initial, region: region))
        let key = try await self.makeKey(fixture)
        let otherKey = try await fixture.keys.create(description: "", policy: nil, tags: [], there)
        #expect(try await calls { try await fixture.create("db") } == 1)
        #expect(try await calls { try await self.setKey(key.arn, fixture) } == 1)
        try await expectKeys([key])
        let (name, origin) = (SecretsFixture.name("db"), SecretsFixture.origin(after: .minutes(2)))
        let replicas = [ReplicaRequest(region: region, kmsKeyID: otherKey.arn)]
        #expect(try await calls { _ = try await fixture.service.replicate(name, to: replicas, overwrites: false, origin) } == 1)
        try await expectKeys([key, otherKey])
        #expect(try await calls { _ = try await fixture.service.removeReplicas(of: name, in: [region], origin) } == 1)
        try await expectKeys([key])

        let arn = try await fixture.service.describe(name, origin).arn
        try await fixture.enableRotation(run: "run")
        let moves = fixture.moves
        #expect(
            try await calls {
                try await fixture.store.write { store in
                    try moves.dropPending(SecretsFixture.token("run"), of: arn, isTemporary: true, at: origin.now, in: store)
                }
            } == 1
        )
        #expect(try await calls { _ = try await fixture.service.delete(name, .atOnce, origin) } == 1)
        try await expectKeys([])
    }

    @Test func `a replica has a key of its own region`() async throws {
        let fixture = try await SecretsFixture()
        let region = try #require(RegionName("us-east-1"))
        let there = SecretsFixture.origin(scope: SecretScope(account: .initial, region: region))
        let key = try await fixture.keys.create(description: "", policy: nil, tags: [], there)
        try await fixture.create("db")
        let requests = [ReplicaRequest(region: region, kmsKeyID: key.arn)]
        let origin = SecretsFixture.origin(after: .minutes(1))
        let statuses = try await fixture.service.replicate(SecretsFixture.name("db"), to: requests, overwrites: false, origin).1
        #expect(statuses.map(\.isInSync) == [true])
        #expect(try await fixture.service.versions(of: SecretsFixture.name("db"), there).1.map(\.keyARN) == [key.arn])
        #expect(try await self.keys(fixture) == ["first": nil])
        let other = [ReplicaRequest(region: try #require(RegionName("ap-south-1")), kmsKeyID: key.arn)]
        let failed = try await fixture.service.replicate(SecretsFixture.name("db"), to: other, overwrites: false, origin).1
        #expect(failed.last?.isInSync == false, "a key of another region")
        #expect(failed.last?.message.contains("does not exist") == true)
    }
}
