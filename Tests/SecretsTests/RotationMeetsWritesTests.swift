import RotationModel
import SecretModel
import Secrets
import Storage
import Testing

@Suite("Rotation's version moves, and writes that meet a run")
struct RotationMeetsWritesTests {
    @Test func aRegisteredVersionHasALabelAndNoValue() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.enableRotation(run: "run")
        #expect(try await fixture.labels() == ["AWSCURRENT": "first", "AWSPENDING": "run"])
        try await fixture.refuses(.noValueAt(.pending)) { _ = try await fixture.text(label: "AWSPENDING") }
        try await fixture.refuses(.noValueIn(SecretsFixture.token("run"))) { _ = try await fixture.text(version: "run") }
    }

    @Test func fillPromoteAndPromoteAgain() async throws {
        let fixture = try await SecretsFixture()
        let arn = try await fixture.create("db").arn
        try await fixture.enableRotation(run: "run")
        let (moves, token, start) = (fixture.moves, SecretsFixture.token("run"), SecretsFixture.start)
        let replaced = try await fixture.store.write { store in
            try fixture.fillPending(token, of: arn, with: "two", in: store)
            return [
                try moves.promote(token, of: #require(try store.secret(arn)), at: start, in: store).replaced,
                try moves.promote(token, of: #require(try store.secret(arn)), at: start, in: store).replaced,
            ]
        }
        #expect(replaced == [SecretsFixture.token("first"), SecretsFixture.token("first")])
        #expect(try await fixture.labels() == ["AWSCURRENT": "run", "AWSPREVIOUS": "first"])
        #expect(try await fixture.text() == "two")
    }

    @Test(arguments: [(false, false, false), (true, false, true), (true, true, false)])
    func droppingPendingKeepsAFilledCandidateOnly(isFilled: Bool, isTemporary: Bool, staysReadable: Bool) async throws {
        let fixture = try await SecretsFixture()
        let arn = try await fixture.create("db").arn
        try await fixture.enableRotation(run: "run")
        let (moves, token, start) = (fixture.moves, SecretsFixture.token("run"), SecretsFixture.start)
        try await fixture.store.write { store in
            if isFilled { try fixture.fillPending(token, of: arn, with: "two", in: store) }
            try moves.dropPending(token, of: arn, isTemporary: isTemporary, at: start, in: store)
        }
        #expect(try await fixture.labels() == ["AWSCURRENT": "first"])
        let versions = try await fixture.service.versions(of: SecretsFixture.name("db"), SecretsFixture.origin()).1
        #expect(versions.count == (staysReadable ? 2 : 1))
    }

    @Test func aRotationFunctionFillsTheEmptyVersionByPut() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.enableRotation(run: "run")
        #expect(try await fixture.put("two", "run", ["AWSPENDING"]) == ["AWSPENDING"])
        #expect(try await fixture.text() == "one")
        #expect(try await fixture.text(label: "AWSPENDING") == "two")
    }

    @Test func I1_aNewerValueTakesPendingOffTheRunAndKeepsItsValue() async throws {
        let fixture = try await SecretsFixture()
        let arn = try await fixture.create("db").arn
        try await fixture.enableRotation(run: "run")
        try await fixture.put("candidate", "run", ["AWSPENDING"])
        try await fixture.put("by hand", "hand")
        #expect(try await fixture.labels() == ["AWSCURRENT": "hand", "AWSPREVIOUS": "first"])
        #expect(try await fixture.text(version: "run") == "candidate")
        let token = SecretsFixture.token("run")
        await #expect(throws: VersionMoveError.notPending(token)) {
            try await fixture.store.write { try fixture.fillPending(token, of: arn, with: "x", in: $0) }
        }
    }

    @Test func aNewerValueRemovesTheEmptyVersionOfTheRun() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.enableRotation(run: "run")
        try await fixture.put("by hand", "hand")
        let versions = try await fixture.service.versions(of: SecretsFixture.name("db"), SecretsFixture.origin()).1
        #expect(versions.map(\.version.id) == [SecretsFixture.token("first"), SecretsFixture.token("hand")])
    }

    @Test func aValueUnderACustomLabelDisturbsNoRun() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.enableRotation(run: "run")
        try await fixture.put("aside", "aside", ["mine"])
        #expect(try await fixture.labels() == ["AWSCURRENT": "first", "AWSPENDING": "run", "mine": "aside"])
    }

    @Test func aValuePutByHandCountsForTheNextDateOnly() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.enableRotation()
        try await fixture.put("aside", "aside", ["mine"])
        #expect(try await fixture.service.describe(SecretsFixture.name("db"), SecretsFixture.origin()).rotation?.nextWindow == nil)
        try await fixture.put("by hand", "hand", after: .days(2))
        let rotation = try await fixture.service.describe(SecretsFixture.name("db"), SecretsFixture.origin()).rotation
        let day = (SecretsFixture.start + .days(2)).startOfDay + .days(30)
        #expect(rotation?.nextWindow == RotationWindow(start: day, end: day + .days(1)))
        #expect(rotation?.dueAt.map { day <= $0 && $0 < day + .days(1) } == true)
        #expect(rotation?.lastRotatedAt == nil)
    }
}
