import Auditing
import RotationModel
import SecretModel
import Secrets
import Storage
import Testing

@Suite("Dates, deletion, tags, retention")
struct SecretLifeTests {
    private let db = SecretsFixture.name("db")

    @Test func everyChangeMovesLastChangedDateAndNothingElseDoes() async throws {
        let fixture = try await SecretsFixture()
        let created = try await fixture.create("db")
        #expect(created.changedAt == created.createdAt)
        try await fixture.put("two", "second", after: .zero)
        let changed = try await fixture.service.describe(self.db, SecretsFixture.origin())
        #expect(changed.changedAt > created.changedAt, "even within the same instant")
        _ = try await fixture.text()
        let read = try await fixture.service.describe(self.db, SecretsFixture.origin())
        #expect(read.changedAt == changed.changedAt)
        #expect(read.accessedDay == (SecretsFixture.start + .minutes(1)).startOfDay)
    }

    @Test func onlyVersionsThatWereReadHaveAnAccessDay() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.put("two", "second")
        _ = try await fixture.text()
        let days = try await fixture.service.versions(of: self.db, SecretsFixture.origin()).1.map(\.version.accessedDay)
        #expect(days == [nil, (SecretsFixture.start + .minutes(1)).startOfDay])
    }

    @Test func aScheduledDeletionHidesTheValueUntilItIsTakenBack() async throws {
        let fixture = try await SecretsFixture()
        let secret = try await fixture.create("db")
        let (arn, date) = try await fixture.service.delete(self.db, .afterDays(7), SecretsFixture.origin())
        #expect(arn == secret.arn)
        #expect(date == SecretsFixture.start + .days(7))
        try await fixture.refuses(.markedForDeletion) { _ = try await fixture.text() }
        try await fixture.refuses(.markedForDeletion) { try await fixture.put("two", "second") }
        try await fixture.refuses(.markedForDeletion) {
            _ = try await fixture.service.delete(self.db, .afterDays(7), SecretsFixture.origin())
        }
        try await fixture.refuses(.nameScheduledForDeletion) {
            _ = try await fixture.service.create(SecretName("db")!, .init(token: SecretsFixture.token("first")), SecretsFixture.origin())
        }
        #expect(try await fixture.service.list(in: SecretOrder(.created), limit: 10, SecretsFixture.origin()).isEmpty)
        let all = try await fixture.service.list(includingDeleted: true, in: SecretOrder(.created), limit: 10, SecretsFixture.origin())
        #expect(all.map(\.arn) == [secret.arn])
        let restored = try await fixture.service.restore(self.db, SecretsFixture.origin(after: .days(1)))
        #expect(restored.deletedAt == nil)
        #expect(try await fixture.text() == "one")
    }

    @Test func afterItsWindowASecretIsGoneBeforeItIsPurgedToo() async throws {
        let fixture = try await SecretsFixture()
        let secret = try await fixture.create("db")
        _ = try await fixture.service.delete(self.db, .afterDays(7), SecretsFixture.origin())
        let late = SecretsFixture.origin(after: .days(7))
        await #expect(throws: SecretServiceError.noSuchSecret) { try await fixture.service.restore(self.db, late) }
        var sweep = DeletionSweep(secrets: fixture.service)
        let start = ContinuousClock.now
        #expect(try await sweep.look(at: late.now - .seconds(1), instant: start).isEmpty)
        #expect(try await sweep.look(at: late.now, instant: start + .hours(1)).isEmpty)
        #expect(try await sweep.look(at: late.now, instant: start + .hours(25)) == [secret.arn])
        let again = try await fixture.service.create(SecretName("db")!, .init(token: SecretsFixture.token("first")), late).0
        #expect(again.arn != secret.arn, "a secret that is made again gets another suffix")
    }

    @Test("I1 a clock that is a year ahead for some hours ends no recovery window")
    func aWrongClockDeletesNothing() async throws {
        let fixture = try await SecretsFixture()
        _ = try await fixture.create("db")
        let origin = SecretsFixture.origin()
        _ = try await fixture.service.delete(self.db, .afterDays(30), origin)
        var sweep = DeletionSweep(secrets: fixture.service)
        let start = ContinuousClock.now
        for hour in 0..<72 {
            // Ahead from the 1st to the 23rd hour, and again from the 25th.
            let isAhead = (1...23).contains(hour) || (25...47).contains(hour)
            let now = origin.now + .hours(Int64(hour)) + (isAhead ? .days(365) : .zero)
            #expect(try await sweep.look(at: now, instant: start + .hours(Int64(hour))).isEmpty)
        }
        #expect(try await fixture.service.restore(self.db, SecretsFixture.origin(after: .days(3))).deletedAt == nil)
    }

    @Test func forcedDeletionWorksOnScheduledAndOnMissingSecrets() async throws {
        let fixture = try await SecretsFixture()
        let secret = try await fixture.create("db")
        _ = try await fixture.service.delete(self.db, .afterDays(7), SecretsFixture.origin())
        #expect(try await fixture.service.delete(self.db, .atOnce, SecretsFixture.origin()).0 == secret.arn)
        #expect(try await fixture.service.delete(self.db, .atOnce, SecretsFixture.origin()).0.name == secret.arn.name)
        await #expect(throws: SecretServiceError.noSuchSecret) {
            _ = try await fixture.service.delete(self.db, .afterDays(30), SecretsFixture.origin())
        }
    }

    @Test func tagsKeepTheirOrderAndAnEmptyListStays() async throws {
        let fixture = try await SecretsFixture()
        #expect(try await fixture.create("db").tags == nil)
        try await fixture.service.tag(self.db, with: [Tag(key: "a", value: "1"), Tag(key: "b", value: "2")], SecretsFixture.origin())
        try await fixture.service.tag(self.db, with: [Tag(key: "c", value: "3"), Tag(key: "a", value: "4")], SecretsFixture.origin())
        let tags = try await fixture.service.describe(self.db, SecretsFixture.origin()).tags
        #expect(tags?.map { "\($0.key)=\($0.value)" } == ["a=4", "b=2", "c=3"])
        try await fixture.service.untag(self.db, keys: ["a", "b", "c", "d"], SecretsFixture.origin())
        #expect(try await fixture.service.describe(self.db, SecretsFixture.origin()).tags == [])
        try await fixture.refuses(.reservedTagKey("aws:x")) {
            try await fixture.service.tag(self.db, with: [Tag(key: "aws:x", value: "")], SecretsFixture.origin())
        }
        try await fixture.refuses(.tooManyTags(limit: 50)) {
            try await fixture.service.tag(self.db, with: (0...50).map { Tag(key: "\($0)", value: "") }, SecretsFixture.origin())
        }
    }

    @Test func regionsAreKeptApart() async throws {
        let fixture = try await SecretsFixture()
        let arn = try await fixture.create("db").arn
        let elsewhere = SecretsFixture.origin(scope: SecretScope(account: .initial, region: RegionName("us-east-1")!))
        for reference in [self.db, .arn(arn), .partialARN(arn.scope, arn.name)] {
            await #expect(throws: SecretServiceError.noSuchSecret) { try await fixture.service.describe(reference, elsewhere) }
        }
        #expect(try await fixture.service.describe(.partialARN(arn.scope, arn.name), SecretsFixture.origin()).arn == arn)
    }

    @Test func unlabelledVersionsBeyondAHundredGoAfterADay() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        for number in 1...120 { try await fixture.put("value \(number)", "version\(number)", after: .seconds(Int64(number))) }
        func count() async throws -> Int { try await fixture.service.versions(of: self.db, SecretsFixture.origin()).1.count }
        #expect(try await count() == 121, "nothing younger than 24 hours goes")
        try await fixture.put("last", "last", after: .days(2))
        #expect(try await count() == 100)
        #expect(try await fixture.labels() == ["AWSCURRENT": "last", "AWSPREVIOUS": "version120"])
    }

    @Test func I9_everyChangeHasItsAuditRecordAndNoValueInIt() async throws {
        let fixture = try await SecretsFixture()
        let arn = try await fixture.create("db", value: "hunter2").arn
        try await fixture.put("hunter3", "second")
        try await fixture.service.tag(self.db, with: [Tag(key: "a", value: "b")], SecretsFixture.origin())
        _ = try await fixture.service.delete(self.db, .atOnce, SecretsFixture.origin())
        let events = try await fixture.store.read { try $0.auditRecords(after: 0, limit: 20).map(\.event) }
        #expect(events.allSatisfy { $0.resource == arn.description })
        let ofVersions = ["StartSecretVersionDelete", "EndSecretVersionDelete"]
        #expect(events.map(\.name) == ["CreateSecret", "PutSecretValue", "TagResource", "DeleteSecret"] + ofVersions + ofVersions)
        let byPerson = events.prefix(4)
        #expect(byPerson.allSatisfy { $0.userName == "ann" && $0.accessKeyID == "AKID1" && $0.scope == SecretsFixture.scope })
        #expect(try events.last?.document()["userIdentity"] == ["accountId": "000000000000", "invokedBy": "secretsmanager.amazonaws.com"])
        #expect(!"\(events)".contains("hunter"), "I8")
    }
}
