import SecretModel
import Testing

@testable import Storage

/// A store from before the audit trail had a chain.
@Suite struct AuditMigrationTests {
    @Test func recordsOfBeforeTheChainAreCarriedOver() async throws {
        let driver = try SQLiteMemoryDriver()
        let arn = StoreFixture.arn("db/app")
        try await driver.write { connection in
            try connection.execute("CREATE TABLE schema_steps (version INTEGER PRIMARY KEY)")
            for (index, step) in [Schema.version1, Schema.version2, Schema.version3].enumerated() {
                for statement in step(driver.dialect) { try connection.execute(statement) }
                try connection.execute("INSERT INTO schema_steps (version) VALUES (?)", index + 1)
            }
            for (sequence, actor) in [(1, "arn:aws:iam::000000000000:user/ops"), (2, "secretsmanager.amazonaws.com")] {
                try connection.insert(
                    into: "audit",
                    SQLColumnList([
                        "id": "event-\(sequence)", "sequence": sequence, "recorded_at": StoreFixture.start, "account_id": "000000000000",
                        "region": "eu-west-1", "actor": actor, "event": "PutSecretValue", "secret": arn,
                        "request_id": #"with "quotes" and \"#, "error_code": SQLValue.null,
                        "details": sequence == 1 ? SQLValue.text(#"{"a":1}"#) : .null,
                    ])
                )
            }
        }
        let store = try await Store(driver: driver)
        let records = try await store.read { try $0.auditRecords(of: arn, limit: 9) }
        #expect(records.map(\.sequence) == [2, 1])
        #expect(records.allSatisfy { $0.hash.isEmpty && $0.previousHash.isEmpty && $0.event.name == "PutSecretValue" })
        let first = try #require(records.last).event
        #expect(first.at == StoreFixture.start && first.id == "event-1")
        let document = try first.document()
        #expect(document["requestID"] == #"with "quotes" and \"#)
        #expect(document["additionalEventData"] == ["a": 1])
        #expect(document["userIdentity"]?["arn"] == "arn:aws:iam::000000000000:user/ops")
        #expect(try records[0].event.document()["additionalEventData"] == .null)
        #expect(try await !store.read { try $0.hasAuditChain() })
        #expect(try await store.read { try $0.auditHead() } == nil)
    }
}
