import SecretModel
import Testing

@testable import Storage

@Suite struct IdentityStatementTests {
    private static let other = known(AccountID("123456789012"))

    private static func user(_ name: String, in account: AccountID = .initial) -> IdentityRecord {
        IdentityRecord(
            id: IdentityID(account: account, kind: .user, name: name),
            uniqueID: "AIDA\(name)",
            createdAt: StoreFixture.start,
            tags: [Tag(key: "team", value: "a")]
        )
    }

    @Test(arguments: TestedDriver.allCases)
    func `identities are kept per account and kind, and go with what they have`(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        let (ann, foreign) = (Self.user("ann"), Self.user("ann", in: Self.other))
        let trusted = IdentityRecord(
            id: IdentityID(account: .initial, kind: .role, name: "ann"),
            uniqueID: "AROA1",
            createdAt: StoreFixture.start,
            trustPolicy: "{}"
        )
        var bounded = trusted
        (bounded.boundary, bounded.longestSession) = ("limits", 7_200)
        let role = bounded
        let key = AccessKeyRecord(
            id: "AKIA1",
            account: .initial,
            user: "ann",
            secret: StoreFixture.sealed("s"),
            createdAt: StoreFixture.start
        )
        try await fixture.store.write { store throws in
            for identity in [ann, foreign, trusted] {
                #expect(try store.insert(identity))
                #expect(try !store.insert(identity))
            }
            try store.update(role)
            #expect(throws: StoreError.self) { try store.update(Self.user("nobody")) }
            try store.insert(key)
            try store.attach(IdentityPolicyRecord(identity: ann.id, name: "p", document: nil))
        }
        let reopened = try await fixture.reopened()
        try await reopened.store.read { store throws in
            #expect(try store.identity(ann.id) == ann)
            #expect(try store.identity(role.id) == role)
            #expect(try store.identities(.user, in: .initial) == [ann])
            #expect(try store.identities(.user, in: Self.other) == [foreign])
            #expect(try store.accessKeys(of: ann.id) == [key])
            #expect(try store.accessKeys(of: foreign.id).isEmpty)
        }
        try await reopened.store.write { try $0.delete(ann.id) }
        try await reopened.store.read { store throws in
            #expect(try store.identity(ann.id) == nil)
            #expect(try store.accessKey("AKIA1") == nil)
            #expect(try store.policies(of: ann.id).isEmpty)
            #expect(try store.identity(role.id) == role)
            #expect(try store.identity(foreign.id) == foreign)
        }
    }

    @Test(arguments: TestedDriver.allCases)
    func `policies are attached in order, and found by who has them`(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        let (ann, bob) = (Self.user("ann"), Self.user("bob"))
        var policy = PolicyRecord(account: .initial, name: "readers", document: "{}", createdAt: StoreFixture.start)
        let first = policy
        policy.document = #"{"Version":"2012-10-17"}"#
        let second = policy
        try await fixture.store.write { store throws in
            for user in [ann, bob] { _ = try store.insert(user) }
            #expect(try store.insert(first))
            #expect(try !store.insert(first))
            try store.update(second)
            for name in ["readers", "b", "a"] {
                try store.attach(IdentityPolicyRecord(identity: ann.id, name: name, document: name == "a" ? "{}" : nil))
            }
            try store.attach(IdentityPolicyRecord(identity: bob.id, name: "readers", document: nil))
            try store.attach(IdentityPolicyRecord(identity: ann.id, name: "b", document: "{}"))
        }
        try await fixture.store.read { store throws in
            #expect(try store.policies(in: .initial) == [second])
            #expect(try store.policy("readers", in: Self.other) == nil)
            #expect(try store.policies(of: ann.id).map(\.name) == ["readers", "a", "b"])
            #expect(try store.policies(of: ann.id).map(\.document) == [nil, "{}", "{}"])
            #expect(try store.holders(ofPolicy: "readers", in: .initial) == [ann.id, bob.id])
            #expect(try store.holders(ofPolicy: "a", in: .initial).isEmpty, "that one is ann's own")
        }
        try await fixture.store.write { store throws in
            var limited = bob
            limited.boundary = "limits"
            try store.update(limited)
            #expect(try store.holders(ofPolicy: "limits", in: .initial) == [bob.id], "a boundary is held, too")
            #expect(try store.holders(ofPolicy: "limits", in: Self.other).isEmpty)
        }
        try await fixture.store.write { store throws in
            #expect(try store.detach("readers", from: ann.id))
            #expect(try !store.detach("readers", from: ann.id))
            try store.deletePolicy("readers", in: .initial)
        }
        #expect(try await fixture.store.read { try $0.policy("readers", in: .initial) } == nil)
    }

    @Test(arguments: TestedDriver.allCases)
    func `the keys of those who hold a policy are found, active ones only`(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        let (ann, bob) = (Self.user("ann"), Self.user("bob"))
        try await fixture.store.write { store throws in
            for user in [ann, bob] { _ = try store.insert(user) }
            try store.attach(IdentityPolicyRecord(identity: ann.id, name: "all", document: nil))
            for (id, user) in [("AKIA1", "ann"), ("AKIA2", "ann"), ("AKIA3", "bob")] {
                var key = AccessKeyRecord(
                    id: id,
                    account: .initial,
                    user: user,
                    secret: StoreFixture.sealed("s"),
                    createdAt: StoreFixture.start
                )
                key.isActive = id != "AKIA1"
                try store.insert(key)
            }
        }
        #expect(try await fixture.store.read { try $0.activeKeys(ofHoldersOf: "all", in: .initial) }.map(\.id) == ["AKIA2"])
        #expect(try await fixture.store.read { try $0.activeKeys(ofHoldersOf: "all", in: Self.other) }.isEmpty)
        try await fixture.store.write { store throws in
            var bounded = ann
            bounded.boundary = "limits"
            try store.update(bounded)
        }
        #expect(try await fixture.store.read { try $0.activeKeys(ofHoldersOf: "all", in: .initial) }.isEmpty, "a boundary may take it all")
    }

    @Test(arguments: TestedDriver.allCases)
    func `policies that mention a name are changed wherever they stand, others stay`(driver: TestedDriver) async throws {
        let texts = ["names ann", #"names \u0061nn"#, "names bob", "names ANN"]
        let secrets = texts.enumerated().map { index, text in
            var secret = StoreFixture.secret("s\(index)")
            secret.resourcePolicy = text
            return secret
        }
        let fixture = try await StoreFixture.holding(secrets + [StoreFixture.secret("without")], in: driver)
        let role = IdentityRecord(
            id: IdentityID(account: Self.other, kind: .role, name: "r"),
            uniqueID: "AROA1",
            createdAt: StoreFixture.start,
            trustPolicy: "names ann"
        )
        let seen = try await fixture.store.write { store throws -> [String] in
            #expect(try store.insert(role))
            var seen: [String] = []
            let changed = try store.changePolicies(mentioning: "ann") { text in
                seen.append(text)
                return text == "names ann" ? "names nobody" : nil
            }
            #expect(changed == [.secret(secrets[0].arn), .role(role.id)])
            return seen
        }
        #expect(seen.sorted() == [#"names \u0061nn"#, "names ann", "names ann"])
        let policies = try await fixture.store.read { store throws in try secrets.map { try store.secret($0.arn)?.resourcePolicy } }
        #expect(policies == ["names nobody", #"names \u0061nn"#, "names bob", "names ANN"])
        #expect(try await fixture.store.read { try $0.identity(role.id)?.trustPolicy } == "names nobody")
    }
}
