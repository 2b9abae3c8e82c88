import Access
import Auditing
import Encryption
import Identities
import SecretModel
import Storage
import TestSupport
import Testing

@Suite struct IdentityServiceTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private static let ann = IdentityID(account: .initial, kind: .user, name: "ann")
    private static let reader = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"secretsmanager:Get*","Resource":"*"}}"#

    private struct House {
        let directory: ScratchDirectory
        let store: Store
        let keyring: Keyring
        let service: IdentityService
        let origin: RequestOrigin

        init() async throws {
            self.directory = try ScratchDirectory("identities")
            self.store = try await Store.open(path: self.directory.path(of: "store.sqlite"))
            self.keyring = try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring
            self.service = IdentityService(
                store: self.store,
                keyring: self.keyring,
                directory: IdentityDirectory(store: self.store, keyring: self.keyring)
            )
            let region = try #require(RegionName("eu-west-1"))
            self.origin = RequestOrigin(
                scope: SecretScope(account: .initial, region: region),
                now: now,
                requestID: "request-1",
                identity: .user(
                    "admin",
                    AuditActor(
                        arn: "arn:aws:iam::000000000000:user/admin",
                        id: "AIDAEXAMPLE",
                        account: .initial,
                        accessKeyID: "AKIDEXAMPLE"
                    )
                ),
                client: RequestClient(address: "192.0.2.7", userAgent: "test/1"),
                call: AuditedCall(id: "call-1", source: AuditSource.keyturn, name: "Test")
            )
        }

        var directoryOfRights: IdentityDirectory { self.service.directory }
    }

    private static func policies(_ house: House) async throws -> [String] {
        try await house.directoryOfRights.rights(of: .user(.initial, name: "ann")).policies.policies.map(\.name)
    }

    @Test func `keys of a user are rotated without a gap, and a disabled one stops at once`() async throws {
        let house = try await House()
        _ = try await house.service.create(Self.ann, house.origin)
        let old = try await house.service.createKey(for: Self.ann, house.origin)
        let new = try await house.service.createKey(for: Self.ann, house.origin)
        for key in [old, new] {
            let credential = try #require(try await house.directoryOfRights.credential(key.id))
            #expect(credential.secret.isSame(as: key.secret))
            #expect(credential.principal == .user(.initial, name: "ann"))
        }
        try await house.service.setKey(old.id, of: Self.ann, isActive: false, house.origin)
        #expect(try await house.directoryOfRights.credential(old.id) == nil)
        #expect(try await house.directoryOfRights.credential(new.id) != nil)
        try await house.service.setKey(old.id, of: Self.ann, isActive: true, house.origin)
        #expect(try await house.directoryOfRights.credential(old.id) != nil)
        try await house.service.deleteKey(old.id, of: Self.ann, house.origin)
        #expect(try await house.directoryOfRights.credential(old.id) == nil)
        await #expect(throws: IdentityError.noSuchAccessKey(old.id, of: Self.ann)) {
            try await house.service.deleteKey(old.id, of: Self.ann, house.origin)
        }
        try await house.service.delete(Self.ann, house.origin)
        #expect(try await house.directoryOfRights.credential(new.id) == nil)
    }

    @Test func `I8 the secret of a key is in the store in no clear form`() async throws {
        let house = try await House()
        _ = try await house.service.create(Self.ann, house.origin)
        let key = try await house.service.createKey(for: Self.ann, house.origin)
        let record = try #require(try await house.store.read { try $0.accessKey(key.id) })
        #expect(!record.secret.ciphertext.contains(subsequence: key.secret.bytes))
        let audit = try await house.store.read { try $0.auditRecords(in: house.origin.scope, limit: 10) }
        #expect(audit.map(\.event.name).contains("CreateAccessKey"))
        #expect(!audit.contains { $0.event.text.contains(key.secret.string ?? "") })
    }

    @Test func `rights follow what is attached, at once`() async throws {
        let house = try await House()
        #expect(try await Self.policies(house).isEmpty)
        _ = try await house.service.create(Self.ann, house.origin)
        try await house.service.createPolicy("readers", in: .initial, Self.reader, house.origin)
        try await house.service.attach("readers", to: Self.ann, house.origin)
        try await house.service.attach("own", document: Self.reader, to: Self.ann, house.origin)
        #expect(try await Self.policies(house) == ["readers", "own"])
        await #expect(throws: IdentityError.policyInUse("readers", by: [Self.ann])) {
            try await house.service.deletePolicy("readers", in: .initial, house.origin)
        }
        try await house.service.detach("readers", from: Self.ann, house.origin)
        try await house.service.deletePolicy("readers", in: .initial, house.origin)
        #expect(try await Self.policies(house) == ["own"])
        try await house.service.delete(Self.ann, house.origin)
        #expect(try await Self.policies(house).isEmpty)
        _ = try await house.service.create(Self.ann, house.origin)
        #expect(try await Self.policies(house).isEmpty, "a later user of the same name inherits nothing")
    }

    @Test func `rights that are remembered are not those of a later user of the same name`() async throws {
        let house = try await House()
        let other = IdentityDirectory(store: house.store, keyring: house.keyring)
        func names(_ user: IdentityRecord) async throws -> [String] {
            try await other.rights(of: .user(.initial, name: "ann"), user.uniqueID).policies.policies.map(\.name)
        }
        let first = try await house.service.create(Self.ann, house.origin)
        try await house.service.attach("own", document: Self.reader, to: Self.ann, house.origin)
        #expect(try await names(first) == ["own"])
        // By another process: this directory is told nothing.
        try await house.service.delete(Self.ann, house.origin)
        let second = try await house.service.create(Self.ann, house.origin)
        #expect(try await names(second).isEmpty)
        #expect(try await names(first).isEmpty)
        try await house.service.attach("new", document: Self.reader, to: Self.ann, house.origin)
        #expect(try await names(first).isEmpty, "nor the other way round")
    }

    @Test func `the last administrator cannot be taken away`() async throws {
        let house = try await House()
        let admin = IdentityID(account: .initial, kind: .user, name: "admin")
        try await house.store.write { try $0.insertAdministrator("admin", uniqueID: "AIDA0000000000000000", at: Self.now) }
        let key = try await house.service.createKey(for: admin, house.origin)
        let name = ManagedPolicy.administratorAccess.rawValue
        await #expect(throws: IdentityError.lastAdministrator) {
            try await house.service.setKey(key.id, of: admin, isActive: false, house.origin)
        }
        await #expect(throws: IdentityError.lastAdministrator) { try await house.service.deleteKey(key.id, of: admin, house.origin) }
        await #expect(throws: IdentityError.lastAdministrator) { try await house.service.detach(name, from: admin, house.origin) }
        await #expect(throws: IdentityError.lastAdministrator) { try await house.service.delete(admin, house.origin) }
        let deny = #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#
        try await house.service.createPolicy("nothing", in: .initial, deny, house.origin)
        await #expect(throws: IdentityError.lastAdministrator) { try await house.service.attach("nothing", to: admin, house.origin) }
        #expect(try await house.directoryOfRights.credential(key.id) != nil, "I12 nothing half-done")

        _ = try await house.service.create(Self.ann, house.origin)
        _ = try await house.service.createKey(for: Self.ann, house.origin)
        try await house.service.attach(name, to: Self.ann, house.origin)
        try await house.service.delete(admin, house.origin)
        #expect(try await house.store.read { try $0.administratorKeys() }.map(\.user) == ["ann"])
    }

    @Test func `a boundary limits at once, is held, and cannot take the last administrator's rights`() async throws {
        let house = try await House()
        let name = ManagedPolicy.administratorAccess.rawValue
        _ = try await house.service.create(Self.ann, house.origin)
        _ = try await house.service.createKey(for: Self.ann, house.origin)
        try await house.service.createPolicy("limits", in: .initial, Self.reader, house.origin)
        func boundary() async throws -> String? {
            try await house.directoryOfRights.rights(of: .user(.initial, name: "ann")).policies.boundary?.name
        }
        await #expect(throws: IdentityError.noSuchPolicy("none", .initial)) {
            try await house.service.setBoundary("none", of: Self.ann, house.origin)
        }
        #expect(try await boundary() == nil)
        try await house.service.setBoundary("limits", of: Self.ann, house.origin)
        #expect(try await boundary() == "limits")
        await #expect(throws: IdentityError.policyInUse("limits", by: [Self.ann])) {
            try await house.service.deletePolicy("limits", in: .initial, house.origin)
        }
        try await house.service.setBoundary(nil, of: Self.ann, house.origin)
        #expect(try await boundary() == nil)
        await #expect(throws: IdentityError.noBoundary(Self.ann)) { try await house.service.setBoundary(nil, of: Self.ann, house.origin) }
        try await house.service.attach(name, to: Self.ann, house.origin)
        await #expect(throws: IdentityError.lastAdministrator) {
            try await house.service.setBoundary("limits", of: Self.ann, house.origin)
        }
        #expect(try await boundary() == nil, "I12 nothing half-done")
    }

    @Test func `a trust policy names whom it may, and forgets who is deleted`() async throws {
        let house = try await House()
        let role = IdentityID(account: .initial, kind: .role, name: "app")
        let trust = #"{"Statement":{"Effect":"Allow","Principal":{"AWS":"\#(Self.ann.arn)"},"Action":"sts:AssumeRole"}}"#
        await #expect(throws: IdentityError.unknownPrincipal(Self.ann.arn)) {
            try await house.service.create(role, trustPolicy: trust, house.origin)
        }
        let ann = try await house.service.create(Self.ann, house.origin)
        _ = try await house.service.create(role, trustPolicy: trust, house.origin)
        try await house.service.updateRole(role, trustPolicy: nil, longestSession: 7_200, house.origin)
        try await house.service.delete(Self.ann, house.origin)
        let left = try await house.service.describe(role).identity
        #expect(left.trustPolicy == trust.replacing(Self.ann.arn, with: ann.uniqueID))
        #expect(left.longestSession == 7_200)
        await #expect(throws: IdentityError.unknownPrincipal(ann.uniqueID)) {
            try await house.service.updateRole(role, trustPolicy: left.trustPolicy, longestSession: nil, house.origin)
        }
    }

    @Test func `what is wrong is refused with what is wrong`() async throws {
        let house = try await House()
        await #expect(throws: IdentityError.invalidName("a/b", limit: 64)) {
            try await house.service.create(IdentityID(account: .initial, kind: .user, name: "a/b"), house.origin)
        }
        _ = try await house.service.create(Self.ann, house.origin)
        await #expect(throws: IdentityError.identityExists(Self.ann)) { try await house.service.create(Self.ann, house.origin) }
        await #expect(throws: IdentityError.noSuchPolicy("none", .initial)) {
            try await house.service.attach("none", to: Self.ann, house.origin)
        }
        await #expect(throws: IdentityError.predefinedPolicy("AdministratorAccess")) {
            try await house.service.updatePolicy("AdministratorAccess", in: .initial, Self.reader, house.origin)
        }
        let role = IdentityID(account: .initial, kind: .role, name: "app")
        await #expect(throws: IdentityError.self) { try await house.service.create(role, trustPolicy: Self.reader, house.origin) }
        await #expect(throws: IdentityError.noSuchIdentity(role)) { try await house.service.describe(role) }
    }

    @Test func `a policy that comes with Keyturn is a policy`() throws {
        for policy in ManagedPolicy.allCases {
            #expect(throws: Never.self) { try PolicyDocument(parsing: policy.document, as: .identity) }
        }
    }
}

extension [UInt8] {
    fileprivate func contains(subsequence: [UInt8]) -> Bool {
        self.indices.contains { self[$0...].starts(with: subsequence) }
    }
}
