import Encryption
import SecretModel
import Testing

@testable import Storage

@Suite struct AccessKeyStatementTests {
    typealias Fixture = StoreFixture

    @Test(arguments: TestedDriver.allCases)
    func accessKeysAreKeptAndSwitchedOff(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var key = AccessKeyRecord(id: "AKIA1", account: .initial, user: "ops", secret: Fixture.sealed("s"), createdAt: Fixture.start)
        let active = key
        key.isActive = false
        let inactive = key
        try await fixture.store.write { try $0.insert(active) }
        #expect(try await fixture.store.read { try $0.accessKey("AKIA1") } == active)
        #expect(try await fixture.store.read { try $0.accessKey("akia1") } == nil)
        try await fixture.store.write { try $0.update(inactive) }
        #expect(try await fixture.store.read { try $0.accessKeys() } == [inactive])
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.insert(active) } }
        let unknown = AccessKeyRecord(id: "AKIA2", account: .initial, user: "ops", secret: Fixture.sealed("s"), createdAt: Fixture.start)
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.update(unknown) } }
    }

    @Test(arguments: TestedDriver.allCases)
    func thereIsOneDefaultKey(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        let first = KeyRecord(id: KeyID("k1"), wrapped: [0, 1, 255], createdAt: Fixture.start, isDefault: true)
        let second = KeyRecord(id: KeyID("k2"), wrapped: [2], createdAt: Fixture.start + .seconds(1), isDefault: false)
        try await fixture.store.write { store in
            try store.insert(second)
            try store.insert(first)
        }
        #expect(try await fixture.store.read { try $0.keys() } == [first, second])
        let rival = KeyRecord(id: second.id, wrapped: [3], createdAt: second.createdAt, isDefault: true)
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.update(rival) } }
        let rewrapped = KeyRecord(id: first.id, wrapped: [9], createdAt: first.createdAt, isDefault: true)
        try await fixture.store.write { try $0.update(rewrapped) }
        #expect(try await fixture.store.read { try $0.keys() } == [rewrapped, second])
    }

    @Test(arguments: TestedDriver.allCases)
    func factsAreSetAndReplaced(driver: TestedDriver) async throws {
        var fixture = try await StoreFixture(driver)
        #expect(try await fixture.store.read { try $0.fact("root-key-check") } == nil)
        for value in [[], [0, 1, 2]] as [[UInt8]] {
            try await fixture.store.write { try $0.setFact("root-key-check", value) }
            fixture = try await fixture.reopened()
            #expect(try await fixture.store.read { try $0.fact("root-key-check") } == value)
        }
    }
}
