import Encryption
import KeyManagement
import SecretModel
import Storage
import Testing

@Suite("What a KMS key allows in each state (KMS developer guide, key states)")
struct KeyStateTests {
    @Test func `I9 that the default key was made is on record, once`() async throws {
        let fixture = try await KeysFixture()
        let key = try await fixture.keys.describe(.defaultOfSecrets, KeysFixture.origin())
        _ = try await fixture.keys.describe(.defaultOfSecrets, KeysFixture.origin())
        let records = try await fixture.store.read { try $0.auditRecords(in: KeysFixture.scope, limit: 10) }
        #expect(records.map(\.event.name) == ["CreateKey"])
        #expect(records.map(\.event.resource) == [key.arn])
    }

    /// An operation, and the states in which it is refused.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let refusedIn: Set<AccountKeyRecord.State>
        let call: @Sendable (KeysFixture, KeyReference) async throws -> Void
        var testDescription: String { self.name }
    }

    static let pending: Set<AccountKeyRecord.State> = [.pendingDeletion]
    static let unusable: Set<AccountKeyRecord.State> = [.disabled, .pendingDeletion]

    static let cases: [Case] = [
        Case(name: "Encrypt", refusedIn: Self.unusable) { _ = try await $0.encrypt("x", with: $1) },
        Case(name: "GenerateDataKey", refusedIn: Self.unusable) {
            _ = try await $0.keys.dataKey(bytes: 32, context: .init(), with: $1, KeysFixture.origin())
        },
        Case(name: "EnableKeyRotation", refusedIn: Self.unusable) {
            try await $0.keys.enableRotation(of: $1, every: 365, KeysFixture.origin())
        },
        Case(name: "DisableKeyRotation", refusedIn: Self.unusable) { try await $0.keys.disableRotation(of: $1, KeysFixture.origin()) },
        Case(name: "RotateKeyOnDemand", refusedIn: Self.unusable) { _ = try await $0.keys.rotate($1, KeysFixture.origin()) },
        Case(name: "EnableKey", refusedIn: Self.pending) { try await $0.keys.enable($1, KeysFixture.origin()) },
        Case(name: "DisableKey", refusedIn: Self.pending) { try await $0.keys.disable($1, KeysFixture.origin()) },
        Case(name: "CreateAlias", refusedIn: Self.pending) {
            try await $0.keys.createAlias("alias/app", for: $1, KeysFixture.origin())
        },
        Case(name: "TagResource", refusedIn: Self.pending) {
            try await $0.keys.tag($1, with: [Tag(key: "a", value: "b")], KeysFixture.origin())
        },
        Case(name: "UpdateKeyDescription", refusedIn: Self.pending) { try await $0.keys.describe(as: "x", $1, KeysFixture.origin()) },
        Case(name: "ScheduleKeyDeletion", refusedIn: Self.pending) {
            _ = try await $0.keys.scheduleDeletion(of: $1, afterDays: 7, KeysFixture.origin())
        },
        Case(name: "DescribeKey", refusedIn: []) { _ = try await $0.keys.describe($1, KeysFixture.origin()) },
        Case(name: "GetKeyPolicy", refusedIn: []) { _ = try await $0.keys.policy(named: "default", of: $1, KeysFixture.origin()) },
    ]

    @Test("I12 an operation is refused in the states that KMS's table says, and changes nothing", arguments: Self.cases)
    func refusals(_ sample: Case) async throws {
        let fixture = try await KeysFixture()
        for state in AccountKeyRecord.State.allCases {
            let (key, reference) = try await fixture.create()
            try await fixture.bring(reference, into: state)
            let before = try await fixture.keys.describe(reference, KeysFixture.origin())
            guard sample.refusedIn.contains(state) else {
                try await sample.call(fixture, reference)
                if sample.name == "CreateAlias" { try await fixture.keys.deleteAlias("alias/app", KeysFixture.origin()) }
                continue
            }
            let refusal: KeyServiceError = state == .disabled ? .disabled(arn: key.arn) : .pendingDeletion(arn: key.arn)
            await #expect(throws: refusal) { try await sample.call(fixture, reference) }
            #expect(try await fixture.keys.describe(reference, KeysFixture.origin()) == before)
        }
    }

    @Test func `a disabled key decrypts nothing until it is enabled again`() async throws {
        let fixture = try await KeysFixture()
        let (key, reference) = try await fixture.create()
        let ciphertext = try await fixture.encrypt("kept", with: reference)
        try await fixture.keys.disable(reference, KeysFixture.origin())
        await #expect(throws: KeyServiceError.disabled(arn: key.arn)) { try await fixture.decrypt(ciphertext) }
        try await fixture.keys.enable(reference, KeysFixture.origin())
        #expect(try await fixture.decrypt(ciphertext) == "kept")
    }

    @Test func `a cancelled deletion leaves the key disabled; one that is not pending cannot be cancelled`() async throws {
        let fixture = try await KeysFixture()
        let (key, reference) = try await fixture.create()
        await #expect(throws: KeyServiceError.notPendingDeletion(arn: key.arn)) {
            try await fixture.keys.cancelDeletion(of: reference, KeysFixture.origin())
        }
        let scheduled = try await fixture.keys.scheduleDeletion(of: reference, afterDays: 7, KeysFixture.origin())
        #expect(scheduled.deletionAt == KeysFixture.start + .days(7))
        let cancelled = try await fixture.keys.cancelDeletion(of: reference, KeysFixture.origin())
        #expect(cancelled.state == .disabled)
        #expect(cancelled.deletionAt == nil)
        for days in [6, 31] {
            await #expect(throws: KeyServiceError.windowOutOfRange(days)) {
                try await fixture.keys.scheduleDeletion(of: reference, afterDays: days, KeysFixture.origin())
            }
        }
    }

    @Test func `a key goes for good when its window has been over for a day, and not for a clock that is ahead for an hour`() async throws {
        let fixture = try await KeysFixture()
        let (key, reference) = try await fixture.create()
        let ciphertext = try await fixture.encrypt("lost", with: reference)
        _ = try await fixture.keys.scheduleDeletion(of: reference, afterDays: 7, KeysFixture.origin())
        let (over, instant) = (KeysFixture.start + .days(8), ContinuousClock.now)
        var sweep = KeyDeletionSweep(keys: fixture.keys)
        #expect(try await sweep.look(at: KeysFixture.start + .days(6), instant: instant) == [])
        #expect(try await sweep.look(at: over, instant: instant) == [])
        #expect(try await sweep.look(at: KeysFixture.start + .days(6), instant: instant + .hours(1)) == [], "the clock was wrong")
        #expect(try await sweep.look(at: over, instant: instant + .hours(25)) == [], "the day begins anew")
        #expect(try await sweep.look(at: over, instant: instant + .hours(49)) == [key.id])
        await #expect(throws: KeyServiceError.noSuchKey(arn: key.arn)) { try await fixture.keys.describe(reference, KeysFixture.origin()) }
        await #expect(throws: KeyServiceError.ciphertextOfUnknownKey) { try await fixture.decrypt(ciphertext) }
    }

    @Test func `nobody changes the default key of the secrets`() async throws {
        let fixture = try await KeysFixture()
        let alias = try KeyReference("alias/aws/secretsmanager")
        let key = try await fixture.keys.describe(alias, KeysFixture.origin())
        #expect(key.manager == .aws)
        #expect(try await fixture.keys.describe(alias, KeysFixture.origin()) == key, "it is made once")
        let reference = try KeyReference(key.arn)
        await #expect(throws: KeyServiceError.managedByService(arn: key.arn)) {
            try await fixture.keys.disable(reference, KeysFixture.origin())
        }
        await #expect(throws: KeyServiceError.managedByService(arn: key.arn)) {
            try await fixture.keys.scheduleDeletion(of: reference, afterDays: 7, KeysFixture.origin())
        }
        await #expect(throws: KeyServiceError.reservedAlias("alias/aws/secretsmanager")) {
            try await fixture.keys.deleteAlias("alias/aws/secretsmanager", KeysFixture.origin())
        }
    }
}
