import Encryption
import SecretModel
import Storage
import Testing

/// What decides about a call is asked again in the transaction of its change: it may have changed since the call was let in.
@Suite struct AdmissionTests {
    private static let nobody = #"{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}"#

    @Test(arguments: [
        ("PutSecretValue", #"{"SecretId":"db","ClientRequestToken":"$2","SecretString":"two"}"#),
        ("UpdateSecret", #"{"SecretId":"db","ClientRequestToken":"$2","Description":"x"}"#),
        ("UpdateSecretVersionStage", #"{"SecretId":"db","VersionStage":"mine","MoveToVersionId":"@"}"#),
        ("TagResource", #"{"SecretId":"db","Tags":[{"Key":"a","Value":"b"}]}"#), ("UntagResource", #"{"SecretId":"db","TagKeys":["t"]}"#),
        ("PutResourcePolicy", #"{"SecretId":"db","ResourcePolicy":"{}"}"#), ("DeleteResourcePolicy", #"{"SecretId":"db"}"#),
        ("ReplicateSecretToRegions", #"{"SecretId":"db","AddReplicaRegions":[{"Region":"us-west-2"}]}"#),
        ("DeleteSecret", #"{"SecretId":"db"}"#), ("DeleteSecret", #"{"SecretId":"db","ForceDeleteWithoutRecovery":true}"#),
    ]) func `I12 a policy that comes between stops the change of a secret`(_ operation: String, _ body: String) async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        let body = body.replacing(#""{}""#, with: JSONValue.string(Self.nobody).text)
        let before = try await fixture.store.read { try Self.secret($0) }
        let interrupted = APIFixture(fixture) { store in
            var secret = try #require(try Self.secret(store))
            secret.resourcePolicy = Self.nobody
            try store.update(secret)
        }
        let answer = try await interrupted.call(operation, body)
        #expect(answer.errorType == "AccessDeniedException", "\(answer.body.text)")
        #expect(answer.message?.contains("with an explicit deny in a resource-based policy") == true)
        var after = try await fixture.store.read { try Self.secret($0) }
        after?.resourcePolicy = nil
        #expect(after?.labels == before?.labels && after?.changedAt == before?.changedAt && after?.deletedAt == nil)
    }

    private static func secret(_ store: some ReadableStore) throws -> SecretRecord? {
        guard let name = SecretName("db"), let region = RegionName("eu-west-1") else { return nil }
        return try store.secret(matching: .name(name), in: SecretScope(account: .initial, region: region))
    }

    @Test(arguments: ["DisableKey", "ScheduleKeyDeletion", "CreateAlias", "UpdateAlias", "DeleteAlias", "PutKeyPolicy", "TagResource"])
    func `I12 a policy that comes between stops the change of a key`(_ operation: String) async throws {
        let fixture = try await APIFixture()
        let key = try #require(try await fixture.success("TrentService.CreateKey", "{}")["KeyMetadata"]?["KeyId"]?.stringValue)
        try await fixture.success("TrentService.CreateAlias", #"{"AliasName":"alias/a","TargetKeyId":"\#(key)"}"#)
        let body: JSONValue = [
            "KeyId": .string(key), "TargetKeyId": .string(key), "AliasName": operation == "CreateAlias" ? "alias/b" : "alias/a",
            "Policy": .string(Self.nobody), "Tags": [["TagKey": "a", "TagValue": "b"]],
        ]
        let before = try #require(try await fixture.store.read { try $0.accountKey(KeyID(key)) })
        let interrupted = APIFixture(fixture) { store in
            var changed = before
            changed.policy = Self.nobody
            try store.update(changed)
        }
        let answer = try await interrupted.call("TrentService.\(operation)", body.text)
        #expect(answer.errorType == "AccessDeniedException", "\(answer.body.text)")
        var after = try #require(try await fixture.store.read { try $0.accountKey(KeyID(key)) })
        after.policy = before.policy
        #expect(after == before)
        let aliases = try await fixture.call("TrentService.ListAliases")["Aliases"]?.arrayValue?.compactMap { $0["AliasName"]?.stringValue }
        #expect(aliases == ["alias/a"])
    }
}
