import Auditing
import GRDB
import SecretModel
import Storage
import TestSupport
import Testing

/// Every call that has an operation and a caller leaves its records, and nothing is answered before they are written.
@Suite struct AuditTests {
    private static let value = "hunter2-canary"
    private static let policy =
        #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}"#

    struct Call: Sendable, CustomTestStringConvertible {
        let operation: String
        let body: String
        var expected: [String]
        var error: String?

        init(_ operation: String, _ body: String, _ expected: [String]? = nil, error: String? = nil) {
            (self.operation, self.body, self.expected, self.error) = (operation, body, expected ?? [operation], error)
        }

        var testDescription: String { "\(self.operation) \(self.body) \(self.error ?? "")" }
    }

    /// On a secret `db` with two versions, and one `other`.
    static let calls = [
        Call("CreateSecret", #"{"Name":"new","ClientRequestToken":"$9","SecretString":"\#(value)","Tags":[{"Key":"a","Value":"b"}]}"#),
        Call("CreateSecret", #"{"Name":"db","ClientRequestToken":"@","SecretString":"\#(value)"}"#),
        Call("CreateSecret", #"{"Name":"db","ClientRequestToken":"$9","SecretString":"x"}"#, error: "ResourceExistsException"),
        Call("PutSecretValue", #"{"SecretId":"db","ClientRequestToken":"$9","SecretString":"\#(value)"}"#),
        Call(
            "PutSecretValue",
            #"{"SecretId":"db","ClientRequestToken":"$9","SecretBinary":"aHVudGVyMi1jYW5hcnk=","RotationToken":"\#(value)-\#(value)-\#(value)"}"#
        ),
        Call("PutSecretValue", #"{"SecretId":"db","ClientRequestToken":"$9"}"#, error: "InvalidRequestException"),
        Call("UpdateSecret", #"{"SecretId":"db","ClientRequestToken":"$9","Description":"d"}"#),
        Call("UpdateSecret", #"{"SecretId":"db","ClientRequestToken":"$9"}"#),
        Call("GetSecretValue", #"{"SecretId":"db"}"#),
        Call("GetSecretValue", #"{"SecretId":"nowhere"}"#, error: "ResourceNotFoundException"),
        Call("GetSecretValue", #"{"SecretId":7}"#, error: "SerializationException"),
        Call("GetSecretValue", #"{"SecretId":"\#(value)"#, error: "SerializationException"),
        Call(
            "BatchGetSecretValue",
            #"{"SecretIdList":["db","other","nowhere"]}"#,
            ["BatchGetSecretValue"] + Array(repeating: "GetSecretValue", count: 3)
        ),
        Call("DescribeSecret", #"{"SecretId":"db"}"#),
        Call("ListSecrets", #"{"Filters":[{"Key":"name","Values":["d"]}]}"#),
        Call("ListSecretVersionIds", #"{"SecretId":"db"}"#),
        Call("GetRandomPassword", "{}"),
        Call("TagResource", #"{"SecretId":"db","Tags":[{"Key":"a","Value":"b"}]}"#),
        Call("UntagResource", #"{"SecretId":"db","TagKeys":["a"]}"#),
        Call("PutResourcePolicy", #"{"SecretId":"db","ResourcePolicy":"\#(policy)"}"#),
        Call("GetResourcePolicy", #"{"SecretId":"db"}"#),
        Call("DeleteResourcePolicy", #"{"SecretId":"db"}"#),
        Call("UpdateSecretVersionStage", #"{"SecretId":"db","VersionStage":"mine","MoveToVersionId":"$1"}"#),
        Call(
            "ReplicateSecretToRegions",
            #"{"SecretId":"db","AddReplicaRegions":[{"Region":"us-east-1"}]}"#,
            // Of the primary, and in the region of the replica.
            ["ReplicateSecretToRegions", "ReplicateSecretToRegions"]
        ),
        Call("RemoveRegionsFromReplication", #"{"SecretId":"db","RemoveReplicaRegions":["us-east-1"]}"#),
        Call("DeleteSecret", #"{"SecretId":"db"}"#, ["DeleteSecret", "StartSecretVersionDelete", "StartSecretVersionDelete"]),
        Call(
            "DeleteSecret",
            #"{"SecretId":"other","ForceDeleteWithoutRecovery":true}"#,
            ["DeleteSecret", "StartSecretVersionDelete", "EndSecretVersionDelete"]
        ),
        Call("DeleteSecret", #"{"SecretId":"nowhere","ForceDeleteWithoutRecovery":true}"#),
        Call("RestoreSecret", #"{"SecretId":"db"}"#),
        Call("RotateSecret", #"{"SecretId":"db","ClientRequestToken":"$9"}"#, error: "InvalidRequestException"),
        Call("CancelRotateSecret", #"{"SecretId":"db"}"#, error: "InvalidRequestException"),
        Call("NoSuchOperation", "{}", [], error: "UnknownOperationException"),
    ]

    private static func prepared() async throws -> APIFixture {
        let fixture = try await APIFixture()
        try await fixture.success("CreateSecret", #"{"Name":"db","ClientRequestToken":"@","SecretString":"\#(Self.value)"}"#)
        try await fixture.success("PutSecretValue", #"{"SecretId":"db","ClientRequestToken":"$2","SecretString":"\#(Self.value)2"}"#)
        try await fixture.success("CreateSecret", #"{"Name":"other","ClientRequestToken":"@","SecretString":"\#(Self.value)"}"#)
        return fixture
    }

    private static func records(_ fixture: APIFixture, after sequence: Int64 = 0) async throws -> [AuditRecord] {
        try await fixture.store.read { try $0.auditRecords(after: sequence, limit: 1_000) }
    }

    @Test(arguments: Self.calls)
    func eachCallLeavesItsRecordsAndNoValueInThem(call: Call) async throws {
        let fixture = try await Self.prepared()
        let before = try #require(try await Self.records(fixture).last?.sequence)
        let answer = try await fixture.call(call.operation, call.body)
        #expect(answer.errorType == call.error, "\(answer.body.text)")
        let events = try await Self.records(fixture, after: before).map(\.event)
        #expect(events.map(\.name) == call.expected)
        for event in try await Self.records(fixture).map(\.event) {
            #expect(!event.text.contains(Self.value) && !event.text.contains("aHVudGVyMi1jYW5hcnk"), "I8 \(event.text)")
        }
        guard let own = events.first(where: { $0.name == call.operation }) else { return }
        let document = try own.document()
        #expect(own.errorCode == call.error && document["errorCode"]?.stringValue == call.error)
        #expect((document["errorMessage"] != nil) == (call.error != nil))
        #expect(document["userIdentity"]?["userName"] == "ann" && document["sourceIPAddress"] == "192.0.2.7")
        #expect(document["eventSource"] == "secretsmanager.amazonaws.com" && document["requestID"] == "request-1")
        let isRead = ["Get", "List", "Desc", "Batch"].contains { call.operation.hasPrefix($0) }
        #expect(document["readOnly"] == .bool(isRead) && own.isReadOnly == isRead)
    }

    /// The same under a daemon that decides against the caller.
    @Test(arguments: Self.calls.filter { $0.operation != "NoSuchOperation" && $0.error != "SerializationException" })
    func aDenialIsOnRecordWithTheSecret(call: Call) async throws {
        let fixture = try await Self.prepared()
        let before = try #require(try await Self.records(fixture).last?.sequence)
        #expect(try await fixture.call(call.operation, call.body, isAdministrator: false).errorType == "AccessDeniedException")
        let events = try await Self.records(fixture, after: before).map(\.event)
        #expect(events.map(\.name) == [call.operation])
        #expect(events.first?.errorCode == "AccessDenied")
        if call.body.contains(#""SecretId":"db""#) {
            #expect(events.first?.resource?.contains(":secret:db-") == true)
        }
    }

    @Test func parametersAreThoseOfTheCallerInCloudTrailsNames() async throws {
        let fixture = try await Self.prepared()
        _ = try await fixture.call(
            "PutSecretValue",
            #"{"SecretId":"db","ClientRequestToken":"$9","SecretString":"x","VersionStages":["A","B"],"Unknown":"hidden"}"#
        )
        _ = try await fixture.call("DeleteSecret", #"{"SecretId":"db","RecoveryWindowInDays":7}"#)
        let records = try await Self.records(fixture)
        let put = try #require(records.last { $0.event.name == "PutSecretValue" }).event.document()
        let token = String(APIFixture.token.dropLast()) + "9"
        #expect(
            put["requestParameters"]
                == ["secretId": "db", "clientRequestToken": .string(token), "versionStages": ["A", "B"]]
        )
        let deletion = try #require(records.last { $0.event.name == "DeleteSecret" }).event.document()
        #expect(deletion["requestParameters"] == ["secretId": "db", "recoveryWindowInDays": 7])
        #expect(deletion["responseElements"]?["name"] == "db")
        #expect(deletion["responseElements"]?["deletionDate"]?.stringValue?.contains("2027") == true)
    }

    /// What other statements would see of the secrets; the day of an access is no part of what was asked for.
    private static func contents(of database: DatabaseQueue) throws -> [Row] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT arn, changed_at, description, tags, resource_policy, deleted_at, replicas FROM secrets")
                + Row.fetchAll(database, sql: "SELECT secret, id, value_ciphertext FROM versions")
                + Row.fetchAll(database, sql: "SELECT * FROM labels") + Row.fetchAll(database, sql: "SELECT id FROM audit")
        }
    }

    @Test(arguments: Self.calls.filter { $0.operation != "NoSuchOperation" })
    func I12_whatCannotBeRecordedDoesNotHappen(call: Call) async throws {
        let fixture = try await Self.prepared()
        let database = try DatabaseQueue(path: fixture.directory.path(of: "store.sqlite"))
        try await database.write { database in
            try database.execute(sql: "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
        }
        let before = try Self.contents(of: database)
        let answer = try await fixture.call(call.operation, call.body)
        #expect(answer.errorType == "InternalServiceError" && answer.status == 500)
        #expect(answer.names == ["Message", "__type"] && !answer.body.text.contains(Self.value))
        #expect(try Self.contents(of: database) == before)
    }

    @Test("A map in which a name stands twice, or without a value, is refused: whoever decides must see what is used")
    func ambiguousMaps() async throws {
        let fixture = try await APIFixture()
        let arn = try #require(try await fixture.success("TrentService.CreateKey", "{}")["KeyMetadata"]?["Arn"]?.stringValue)
        for context in [#"{"tenant":"mine","tenant":"victim"}"#, #"{"tenant":null}"#] {
            let answer = try await fixture.call(
                "TrentService.Encrypt",
                #"{"KeyId":"\#(arn)","Plaintext":"YQ==","EncryptionContext":\#(context)}"#
            )
            #expect(answer.errorType == "SerializationException" && answer.status == 400)
        }
    }

    /// Keys have records as secrets have: with the key's ARN, and neither plain nor encrypted bytes.
    @Test func I8_callsOfKMSAreOnRecordWithTheirKey() async throws {
        let fixture = try await APIFixture()
        let arn = try #require(try await fixture.success("TrentService.CreateKey", "{}")["KeyMetadata"]?["Arn"]?.stringValue)
        let plain = "aHVudGVyMi1jYW5hcnk="
        let body = #"{"KeyId":"\#(arn)","Plaintext":"\#(plain)","EncryptionContext":{"purpose":"test"}}"#
        let encrypted = try await fixture.success("TrentService.Encrypt", body)
        let ciphertext = try #require(encrypted.text("CiphertextBlob"))
        try await fixture.success("TrentService.Decrypt", #"{"CiphertextBlob":"\#(ciphertext)","EncryptionContext":{"purpose":"test"}}"#)
        try await fixture.success("TrentService.DisableKey", #"{"KeyId":"\#(arn)"}"#)
        let events = try await Self.records(fixture).map(\.event)
        #expect(events.map(\.name) == ["CreateKey", "Encrypt", "Decrypt", "DisableKey"])
        #expect(events.allSatisfy { $0.source == "kms.amazonaws.com" && $0.resource == arn })
        #expect(events.allSatisfy { !$0.text.contains(plain) && !$0.text.contains(ciphertext) })
        #expect(try events[1].document()["requestParameters"]?["encryptionContext"] == ["purpose": "test"])
    }
}
