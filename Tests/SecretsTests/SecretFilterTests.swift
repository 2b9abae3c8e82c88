import SecretModel
import Secrets
import Storage
import Testing

@Suite("Filters of ListSecrets (aws-api.md §6.7, observed at AWS)")
struct SecretFilterTests {
    private func record(name: String = "x", description: String? = nil, tags: [(String, String)] = []) throws -> SecretRecord {
        let scope = SecretsFixture.scope
        let name = try #require(SecretName(name))
        let arn = try #require(SecretARN(scope: scope, name: name, suffix: "AbCd12"))
        var record = SecretRecord(arn: arn, createdAt: SecretsFixture.start)
        record.description = description
        record.tags = tags.map { Tag(key: $0.0, value: $0.1) }
        return record
    }

    @Test(arguments: [
        ("a", "asecret", true), ("a", "thesecret", false), ("a secret", "an secret", true), ("a secret", "asecret", false),
        ("o t", "one and two", true), ("ret", "SecretOne", false), ("sec", "SecretOne", true), ("SEC", "secret", true),
    ])
    func description(value: String, text: String, isFound: Bool) throws {
        #expect(SecretFilter(.description, [value]).matches(try self.record(description: text)) == isFound)
    }

    @Test(arguments: [
        ("company", "uat/COMPANY/x", true), ("company", "COMPANYthings", false), ("Ythings", "COMPANYthings", true),
        ("pany", "COMPANYthings", false), ("things", "COMPANYthings", false), ("one", "SecretOne", true), ("/", "a/b", false),
    ])
    func all(value: String, name: String, isFound: Bool) throws {
        #expect(SecretFilter(.all, [value]).matches(try self.record(name: name)) == isFound)
    }

    @Test(arguments: [
        (["prod/"], true), (["Prod/"], false), (["!prod/"], false), (["!stage"], true), (["stage", "prod"], true), (["x", "!prod"], false),
    ])
    func name(values: [String], isFound: Bool) throws {
        #expect(SecretFilter(.name, values).matches(try self.record(name: "prod/db")) == isFound)
    }

    @Test func tagsByKeyAndByValue() throws {
        let record = try self.record(tags: [("team", "Payments")])
        #expect(SecretFilter(.tagKey, ["te"]).matches(record))
        #expect(SecretFilter(.tagValue, ["Pay"]).matches(record))
        #expect(!SecretFilter(.tagValue, ["pay"]).matches(record), "case matters")
        #expect(SecretFilter(.all, ["payments"]).matches(record))
        #expect(!SecretFilter(.owningService, ["rds"]).matches(record))
    }
}
