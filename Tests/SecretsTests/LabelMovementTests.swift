import SecretModel
import Secrets
import Testing

@Suite("Labels move with the value (aws-api.md §4)")
struct LabelMovementTests {
    @Test func putMovesCurrentAndLeavesPreviousBehind() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        #expect(try await fixture.put("two", "second") == ["AWSCURRENT"])
        #expect(try await fixture.put("three", "third") == ["AWSCURRENT"])
        #expect(try await fixture.labels() == ["AWSCURRENT": "third", "AWSPREVIOUS": "second"])
        #expect(try await fixture.text() == "three")
        #expect(try await fixture.text(label: "AWSPREVIOUS") == "two")
        #expect(try await fixture.text(version: "first") == "one", "a deprecated version stays readable by its id")
    }

    @Test func pendingDisappearsFromTheOldCurrentVersion() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        _ = try await fixture.service.move(
            .pending,
            from: nil,
            to: SecretsFixture.token("first"),
            of: SecretsFixture.name("db"),
            SecretsFixture.origin()
        )
        try await fixture.put("two", "second")
        #expect(try await fixture.labels() == ["AWSCURRENT": "second", "AWSPREVIOUS": "first"])
    }

    @Test func customLabelsMoveOneAtATimeAndLeaveCurrentAlone() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.put("two", "second", ["one", "two", "three"])
        #expect(try await fixture.put("three", "third", ["one", "two", "four"]) == ["one", "two", "four"])
        #expect(try await fixture.labels() == ["AWSCURRENT": "first", "one": "third", "two": "third", "four": "third", "three": "second"])
        #expect(try await fixture.text() == "one")
    }

    @Test func theFirstValueIsCurrentWhateverWasAskedFor() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db", value: nil)
        #expect(try await fixture.put("one", "first", ["AWSPENDING"]) == ["AWSPENDING", "AWSCURRENT"])
    }

    @Test func movingCurrentBackSwapsTheTwo() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.put("two", "second")
        let (first, second) = (SecretsFixture.token("first"), SecretsFixture.token("second"))
        _ = try await fixture.service.move(.current, from: second, to: first, of: SecretsFixture.name("db"), SecretsFixture.origin())
        #expect(try await fixture.labels() == ["AWSCURRENT": "first", "AWSPREVIOUS": "second"])
        #expect(try await fixture.text() == "one")
    }

    @Test func I12_refusedMovesChangeNothing() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.put("two", "second")
        let (first, second, third) = (SecretsFixture.token("first"), SecretsFixture.token("second"), SecretsFixture.token("third"))
        let cases: [(SecretServiceError, StagingLabel, VersionID?, VersionID?)] = [
            (.nothingToMove, .current, nil, nil),
            (.labelHolderNotNamed(.current, holder: second), .current, nil, first),
            (.labelHolderDiffers(.current), .current, first, first),
            (.currentCannotBeRemoved, .current, second, nil),
            (.unknownVersion(third), .current, second, third),
            (.unknownVersion(third), .previous, third, nil),
            (.labelHolderDiffers(.pending), .pending, first, second),
        ]
        for (refusal, label, remove, target) in cases {
            try await fixture.refuses(refusal) {
                _ = try await fixture.service.move(label, from: remove, to: target, of: SecretsFixture.name("db"), SecretsFixture.origin())
            }
        }
    }

    @Test func aSecretHasAtMostTwentyLabels() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        try await fixture.put("two", "second", (1...19).map { "label-\($0)" })
        try await fixture.refuses(.tooManyLabels(limit: 20)) { try await fixture.put("three", "third", ["another"]) }
    }
}
