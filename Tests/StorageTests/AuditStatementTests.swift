import Encryption
import SecretModel
import Testing

@testable import Storage

private typealias Fixture = StoreFixture

/// The audit trail's records, kept and found.
@Suite struct AuditStatementTests {
    private static func record(
        _ sequence: Int64,
        _ name: String = "GetSecretValue",
        at minutes: Int64 = 0,
        user: String? = "ann",
        resource: String? = StoreFixture.arn("db/app").description,
        failure: String? = nil,
        in scope: SecretScope = StoreFixture.scope
    ) -> AuditRecord {
        let event = AuditEvent(
            id: "event-\(sequence)",
            at: Fixture.start + .minutes(minutes),
            scope: scope,
            source: "secretsmanager.amazonaws.com",
            name: name,
            isReadOnly: name.hasPrefix("Get"),
            userName: user,
            accessKeyID: user.map { "AKID-\($0)" },
            resource: resource,
            errorCode: failure,
            text: #"{"eventID":"\#(sequence)"}"#
        )
        return AuditRecord(sequence: sequence, event: event, previousHash: [UInt8(sequence)], hash: [0, UInt8(sequence)])
    }

    private static func head(_ last: Int64, first: Int64 = 1, damage: String? = nil) -> AuditHead {
        AuditHead(
            first: first,
            anchor: [9],
            startedAt: Fixture.start,
            last: last,
            hash: [0, UInt8(last)],
            damage: damage,
            seal: AuditHead.Seal(key: KeyID("key-1"), code: [1, 2, 3])
        )
    }

    private static func holding(_ records: [AuditRecord], _ driver: TestedDriver) async throws -> StoreFixture {
        let fixture = try await StoreFixture(driver)
        try await fixture.store.write { try $0.append(records, Self.head(Int64(records.count))) }
        return fixture
    }

    @Test(arguments: TestedDriver.allCases)
    func recordsAndHeadComeBackAsTheyWent(driver: TestedDriver) async throws {
        let records = [Self.record(1), Self.record(2, "PutSecretValue", user: nil, resource: nil, failure: "AccessDenied")]
        let fixture = try await Self.holding(records, driver)
        #expect(try await fixture.store.read { try $0.auditRecords(after: 0, limit: 9) } == records)
        #expect(try await fixture.store.read { try $0.auditRecords(after: 0, limit: 1) } == [records[0]])
        #expect(try await fixture.store.read { try $0.auditHead() } == Self.head(2))
        try await fixture.store.write { try $0.append([], Self.head(2, damage: "told")) }
        #expect(try await fixture.store.read { try $0.auditHead()?.damage } == "told")
        #expect(try await fixture.store.read { try $0.hasAuditRecord("event-2") })
        #expect(try await !fixture.store.read { try $0.hasAuditRecord("event-3") })
    }

    @Test(arguments: TestedDriver.allCases)
    func noPlaceIsTakenTwice(driver: TestedDriver) async throws {
        let fixture = try await Self.holding([Self.record(1)], driver)
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.append([Self.record(1)], Self.head(1)) } }
    }

    @Test(arguments: TestedDriver.allCases)
    func theTrailOutlivesItsSecret(driver: TestedDriver) async throws {
        let fixture = try await Self.holding([Self.record(1), Self.record(2, resource: nil), Self.record(3)], driver)
        try await fixture.store.write { try $0.insert(Fixture.secret("db/app")) }
        try await fixture.store.write { try $0.delete(Fixture.arn("db/app")) }
        let found = try await fixture.store.read { try $0.auditRecords(of: Fixture.arn("db/app"), limit: 9).map(\.sequence) }
        #expect(found == [3, 1])
    }

    @Test(arguments: TestedDriver.allCases)
    func filtersFindWhatHasAllThatTheyAskFor(driver: TestedDriver) async throws {
        let elsewhere = SecretScope(account: .initial, region: known(RegionName("us-east-1")))
        let fixture = try await Self.holding(
            [
                Self.record(1, at: 1), Self.record(2, "PutSecretValue", at: 2, user: "bob"),
                Self.record(3, at: 3, resource: nil, failure: "AccessDenied"), Self.record(4, at: 4, in: elsewhere),
                // A clock that was set back: the order is that of the time, then that of the chain.
                Self.record(5, at: 2), Self.record(6, "RotationStarted", at: 5, user: nil),
            ],
            driver
        )
        func found(_ change: (inout AuditFilter) -> Void, after last: Int64? = nil, limit: Int = 9) async throws -> [Int64] {
            var filter = AuditFilter()
            change(&filter)
            return try await fixture.store.read { [filter] store in
                let position = try last.flatMap { try store.auditRecords(after: $0 - 1, limit: 1).first?.position }
                return try store.auditRecords(in: Fixture.scope, filter, after: position, limit: limit).map(\.sequence)
            }
        }
        #expect(try await found { _ in } == [6, 3, 5, 2, 1])
        #expect(try await found({ _ in }, after: 3, limit: 2) == [5, 2])
        #expect(try await found { $0.name = "GetSecretValue" } == [3, 5, 1])
        #expect(try await found { $0.id = "event-2" } == [2])
        #expect(try await found { $0.isReadOnly = false } == [6, 2])
        #expect(try await found { $0.userName = "bob" } == [2])
        #expect(try await found { $0.accessKeyID = "AKID-ann" } == [3, 5, 1])
        #expect(try await found { $0.source = "kms.amazonaws.com" } == [])
        #expect(try await found { $0.hasResource = true } == [6, 5, 2, 1])
        #expect(try await found { $0.isFailure = true } == [3])
        #expect(try await found { ($0.isFailure, $0.name) = (false, "GetSecretValue") } == [5, 1])
        #expect(try await found { ($0.from, $0.through) = (Fixture.start + .minutes(2), Fixture.start + .minutes(3)) } == [3, 5, 2])
    }

    @Test(arguments: TestedDriver.allCases)
    func pruningDeletesWhatStandsBeforeTheHeadsFirst(driver: TestedDriver) async throws {
        let fixture = try await Self.holding((1...4).map { Self.record($0) }, driver)
        try await fixture.store.write { try $0.prune(to: Self.head(4, first: 3)) }
        #expect(try await fixture.store.read { try $0.auditRecords(after: 0, limit: 9).map(\.sequence) } == [3, 4])
        #expect(try await fixture.store.read { try $0.auditHead()?.first } == 3)
    }
}
