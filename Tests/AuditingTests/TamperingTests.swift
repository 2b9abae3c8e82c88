import Encryption
import Foundation
import GRDB
import SecretModel
import Storage
import TestSupport
import Testing

@testable import Auditing

/// Somebody has the store's file, and none of its keys: whatever they do to the audit trail is named.
@Suite struct TamperingTests {
    @Test(arguments: [1, 3, 1_000])
    func anUntouchedTrailVerifiesInStepsOfAnySize(limit: Int) async throws {
        let fixture = try await TrailFixture(records: 10)
        let (finding, checked) = try await fixture.verify(limit: limit)
        #expect(finding == nil)
        #expect(checked == 10)
    }

    static let changes: [(String, AuditFinding)] = [
        ("UPDATE audit SET record = replace(record, 'ann', 'bob') WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET resource = NULL WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET resource = '' WHERE sequence = 1", .changed(sequence: 1)),
        ("UPDATE audit SET recorded_at = recorded_at - 1 WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET error_code = 'AccessDenied' WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET event_name = 'DescribeSecret' WHERE sequence = 10", .changed(sequence: 10)),
        ("UPDATE audit SET event_source = 'kms.amazonaws.com' WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET read_only = 0 WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET user_name = 'bob' WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET access_key = NULL WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET id = 'other' WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET region = 'us-east-1' WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET account_id = '000000000001' WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET previous_hash = zeroblob(32) WHERE sequence = 4", .changed(sequence: 4)),
        ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 4", .changed(sequence: 4)),
        ("DELETE FROM audit WHERE sequence = 1", .missing(from: 1, through: 1)),
        ("DELETE FROM audit WHERE sequence BETWEEN 4 AND 6", .missing(from: 4, through: 6)),
        ("DELETE FROM audit WHERE sequence > 8", .cutOff(from: 9, through: 10)),
        ("DELETE FROM audit", .cutOff(from: 1, through: 10)),
        ("UPDATE audit SET sequence = -sequence WHERE sequence IN (4, 6)", .missing(from: 4, through: 4)),
        ("DELETE FROM audit_head", .headMissing),
        ("UPDATE audit_head SET last_sequence = 8, hash = (SELECT hash FROM audit WHERE sequence = 8)", .headChanged),
        ("UPDATE audit_head SET first_sequence = 5, anchor = (SELECT hash FROM audit WHERE sequence = 4)", .headChanged),
        ("UPDATE audit_head SET seal = zeroblob(32)", .headChanged),
    ]

    @Test(arguments: Self.changes)
    func namesTheFirstRecordThatIsNotAsItWasWritten(change: String, finding: AuditFinding) async throws {
        var fixture = try await TrailFixture(records: 10)
        try await fixture.tamper { try $0.execute(sql: change) }
        #expect(try await fixture.verify().finding == finding)
        #expect(try await fixture.verify(limit: 3).finding == finding)
    }

    @Test func namesRecordsThatChangedPlaces() async throws {
        var fixture = try await TrailFixture(records: 10)
        try await fixture.tamper { database in
            for (from, to) in [(4, -1), (6, 4), (-1, 6)] {
                try database.execute(sql: "UPDATE audit SET sequence = ? WHERE sequence = ?", arguments: [to, from])
            }
        }
        #expect(try await fixture.verify().finding == .outOfOrder(sequence: 4, found: 6))
    }

    /// The hashes take no key, so anybody can write a chain that fits; only the head cannot be made to fit.
    @Test func aChainThatWasWrittenAnewDoesNotEndAtTheHead() async throws {
        var fixture = try await TrailFixture(records: 10)
        let records = try await fixture.records()
        try await fixture.tamper { database in
            var hash = records[2].hash
            for record in records.dropFirst(3) {
                let text = record.event.text.replacing("ann", with: "bob")
                try database.execute(sql: "UPDATE audit SET record = ? WHERE sequence = ?", arguments: [text, record.sequence])
                let event = Self.event(record.event, text)
                let other = AuditChain.record(event, sequence: record.sequence, after: hash)
                try database.execute(
                    sql: "UPDATE audit SET previous_hash = ?, hash = ? WHERE sequence = ?",
                    arguments: [Self.data(hash), Self.data(other.hash), record.sequence]
                )
                hash = other.hash
            }
        }
        let (finding, checked) = try await fixture.verify()
        #expect(finding == .changed(sequence: 10))
        #expect(checked == 10)
    }

    @Test func aRecordBehindTheEndIsNotTheDaemons() async throws {
        var fixture = try await TrailFixture(records: 3)
        let last = try #require(try await fixture.records().last)
        try await fixture.tamper { database in
            try database.execute(
                sql: """
                    INSERT INTO audit SELECT 4, 'forged', recorded_at, account_id, region, event_source, event_name, read_only, user_name,
                    access_key, resource, error_code, record, hash, hash FROM audit WHERE sequence = ?
                    """,
                arguments: [last.sequence]
            )
        }
        #expect(try await fixture.verify().finding == .unexpected(sequence: 4))
    }

    /// A daemon that sealed what it finds would make the forgery good.
    @Test(arguments: [
        "DELETE FROM audit_head",
        "UPDATE audit_head SET last_sequence = 1, hash = (SELECT hash FROM audit WHERE sequence = 1)",
    ])
    func whatIsWrittenAfterwardsDoesNotHideIt(change: String) async throws {
        var fixture = try await TrailFixture(records: 3)
        try await fixture.tamper { try $0.execute(sql: change) }
        try await fixture.append(7)
        guard case .damaged(let text) = try await fixture.verify().finding else {
            Issue.record("the damage is not told")
            return
        }
        #expect(text.contains("record 4 was written"))
    }

    @Test func anotherStoresKeysSealNothingHere() async throws {
        let fixture = try await TrailFixture(records: 3)
        let other = AuditTrail(keyring: try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring)
        let progress = try await AuditVerifier(store: fixture.store, trail: other).verify(from: nil, limit: 10)
        #expect(progress.finding == .headChanged)
    }

    @Test func aStoreThatWasPutBackIsFoundByAHeadThatWasNotedElsewhere() async throws {
        var fixture = try await TrailFixture(records: 3)
        let head = try await fixture.head()
        let noted = AuditLink(sequence: head.last, hash: head.hash)
        try await fixture.append(4)
        #expect(try await fixture.verify(noted: noted).finding == nil)

        let path = fixture.directory.path(of: "store.sqlite")
        let old = try DatabaseQueue(path: path)
        try fixture.store.close()
        let backup = try DatabaseQueue(path: fixture.directory.path(of: "backup.sqlite"))
        try old.backup(to: backup)
        fixture = try await Self.reopened(fixture)
        try await fixture.append(5)
        let later = try await fixture.head()
        try fixture.store.close()
        try backup.backup(to: old)
        fixture = try await Self.reopened(fixture)
        #expect(try await fixture.verify().finding == nil, "it is a whole chain of this store")
        let missing = AuditLink(sequence: later.last, hash: later.hash)
        #expect(try await fixture.verify(noted: missing).finding == .notedHeadDiffers(sequence: later.last))
        try await fixture.append(6)
        #expect(try await fixture.verify(noted: missing).finding == .notedHeadDiffers(sequence: later.last))
    }

    private static func reopened(_ fixture: TrailFixture) async throws -> TrailFixture {
        var fixture = fixture
        try await fixture.tamper { _ in }
        return fixture
    }

    private static func event(_ event: AuditEvent, _ text: String) -> AuditEvent {
        AuditEvent(
            id: event.id,
            at: event.at,
            scope: event.scope,
            source: event.source,
            name: event.name,
            isReadOnly: event.isReadOnly,
            userName: event.userName,
            accessKeyID: event.accessKeyID,
            resource: event.resource,
            errorCode: event.errorCode,
            text: text
        )
    }

    private static func data(_ bytes: [UInt8]) -> DatabaseValue { Data(bytes).databaseValue }
}
