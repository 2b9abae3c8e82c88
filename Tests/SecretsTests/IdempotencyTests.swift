import SecretModel
import Secrets
import Storage
import Testing

@Suite("The same request twice (aws-api.md §5)")
struct IdempotencyTests {
    private func creation(_ token: String, _ value: String?) -> SecretService.Creation {
        SecretService.Creation(token: SecretsFixture.token(token), value: value.map { SecretValue(string: $0) })
    }

    @Test func createAgainWithTheSameTokenAndValueIsASuccess() async throws {
        let fixture = try await SecretsFixture()
        let secret = try await fixture.create("db")
        let before = try await fixture.everything()
        let again = try await fixture.service.create(
            SecretName("db")!,
            self.creation("first", "one"),
            SecretsFixture.origin(after: .hours(1))
        )
        #expect(again.0.arn == secret.arn)
        #expect(again.1 == SecretsFixture.token("first"))
        #expect(try await fixture.everything() == before)
    }

    @Test func createWithoutValueIsRememberedByItsToken() async throws {
        let fixture = try await SecretsFixture()
        let secret = try await fixture.create("db", value: nil)
        let again = try await fixture.service.create(SecretName("db")!, self.creation("first", nil), SecretsFixture.origin())
        #expect(again.0.arn == secret.arn)
        #expect(again.1 == nil)
    }

    @Test func I12_createOverAnotherSecretIsRefused() async throws {
        let fixture = try await SecretsFixture()
        let arn = try await fixture.create("db").arn
        let cases: [(SecretServiceError, SecretService.Creation)] = [
            (.tokenInUse(SecretsFixture.token("first"), arn), self.creation("first", "other")),
            (.tokenInUse(SecretsFixture.token("first"), arn), self.creation("first", nil)),
            (.nameExists(arn.name), self.creation("second", "one")),
            (.nameExists(arn.name), self.creation("second", nil)),
        ]
        for (refusal, creation) in cases {
            try await fixture.refuses(refusal) { _ = try await fixture.service.create(arn.name, creation, SecretsFixture.origin()) }
        }
    }

    @Test func putAgainChangesNothingAndAnswersTheLabelsOfNow() async throws {
        let fixture = try await SecretsFixture()
        let arn = try await fixture.create("db").arn
        try await fixture.put("two", "second")
        try await fixture.put("three", "third")
        let before = try await fixture.everything()
        #expect(try await fixture.put("two", "second") == ["AWSPREVIOUS"])
        #expect(try await fixture.everything() == before)
        try await fixture.refuses(.tokenInUse(SecretsFixture.token("second"), arn)) { try await fixture.put("other", "second") }
    }

    @Test func textAndBytesOfEqualContentAreDifferentValues() async throws {
        let fixture = try await SecretsFixture()
        let arn = try await fixture.create("db").arn
        try await fixture.refuses(.tokenInUse(SecretsFixture.token("first"), arn)) {
            _ = try await fixture.service.put(
                SecretValue(binary: Array("one".utf8)),
                token: SecretsFixture.token("first"),
                to: SecretsFixture.name("db"),
                SecretsFixture.origin()
            )
        }
    }

    @Test func updateAgainWithTheSameValueKeepsTheVersion() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        let update = SecretService.Update(value: SecretValue(string: "two"))
        for _ in 1...2 {
            _ = try await fixture.service.update(
                SecretsFixture.name("db"),
                update,
                token: SecretsFixture.token("second"),
                SecretsFixture.origin(after: .seconds(5))
            )
        }
        #expect(try await fixture.labels() == ["AWSCURRENT": "second", "AWSPREVIOUS": "first"])
    }
}
