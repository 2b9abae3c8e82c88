import SecretModel
import Testing

@Suite("Replication on the wire (aws-api.md §6.17)")
struct ReplicationTests {
    private static let readOnly = "Operation not permitted on a replica secret. Call must be made in primary secret's region."

    @Test func aReplicaIsAnnouncedAndReadInItsRegion() async throws {
        let fixture = try await APIFixture()
        let created = try await fixture.success(
            "CreateSecret",
            #"{"Name":"db","ClientRequestToken":"@","SecretString":"one","AddReplicaRegions":[{"Region":"us-east-1"}]}"#
        )
        #expect(created.names == ["ARN", "Name", "ReplicationStatus", "VersionId"])
        let entry = try #require(created["ReplicationStatus"]?.arrayValue?.first)
        #expect(entry["Region"] == "us-east-1")
        #expect(entry["Status"] == "InSync")
        #expect(entry["KmsKeyId"] == "alias/aws/secretsmanager")
        #expect(entry["LastAccessedDate"] == nil)

        let value = try await fixture.call("GetSecretValue", #"{"SecretId":"db"}"#, region: "us-east-1")
        #expect(value.text("SecretString") == "one")
        #expect(value.text("ARN") == created.text("ARN")?.replacing("eu-west-1", with: "us-east-1"))
        let replica = try await fixture.call("DescribeSecret", #"{"SecretId":"db"}"#, region: "us-east-1")
        #expect(replica["PrimaryRegion"] == "eu-west-1")
        #expect(replica["ReplicationStatus"] == nil)
        let primary = try await fixture.describe()
        #expect(primary["PrimaryRegion"] == "eu-west-1")
        #expect(primary["ReplicationStatus"]?.arrayValue?.first?["LastAccessedDate"] != nil)
        for (prefix, count) in [("eu-", 1), ("us-", 0)] {
            let filter = #"{"Filters":[{"Key":"primary-region","Values":["\#(prefix)"]}]}"#
            let list = try await fixture.call("ListSecrets", filter, region: "us-east-1")
            #expect(list["SecretList"]?.arrayValue?.count == count)
            #expect(list["SecretList"]?.arrayValue?.allSatisfy { $0["ReplicationStatus"] == nil } == true)
        }
    }

    @Test(
        arguments: [
            ("UpdateSecret", #""ClientRequestToken":"$2","Description":"x""#),
            ("PutSecretValue", #""ClientRequestToken":"$2","SecretString":"x""#),
            ("TagResource", #""Tags":[{"Key":"a","Value":"b"}]"#), ("UntagResource", #""TagKeys":["a"]"#),
            (
                "PutResourcePolicy",
                #""ResourcePolicy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}""#
            ), ("DeleteResourcePolicy", ""),
            ("DeleteSecret", ""), ("DeleteSecret", #""ForceDeleteWithoutRecovery":true"#), ("RestoreSecret", ""),
            ("RotateSecret", #""ClientRequestToken":"$2","RotationLambdaARN":"x""#), ("CancelRotateSecret", ""),
            ("UpdateSecretVersionStage", #""VersionStage":"blue","MoveToVersionId":"@""#),
            ("ReplicateSecretToRegions", #""AddReplicaRegions":[{"Region":"ap-south-1"}]"#),
            ("RemoveRegionsFromReplication", #""RemoveReplicaRegions":["us-east-1"]"#),
        ]
    )
    func aReplicaCannotBeChanged(operation: String, members: String) async throws {
        let fixture = try await Self.replicated()
        let body = #"{"SecretId":"db"\#(members.isEmpty ? "" : ",")\#(members)}"#
        let before = try await fixture.call("DescribeSecret", #"{"SecretId":"db"}"#, region: "us-east-1").body.text
        let answer = try await fixture.call(operation, body, region: "us-east-1")
        #expect(answer.status == 400)
        #expect(answer.text("__type") == "InvalidParameterException")
        #expect(answer.message == Self.readOnly)
        #expect(try await fixture.call("DescribeSecret", #"{"SecretId":"db"}"#, region: "us-east-1").body.text == before)
    }

    @Test func aPrimaryWithReplicasIsNotDeletedAndGoesWhenTheyAreGone() async throws {
        let fixture = try await Self.replicated()
        for force in ["", #","ForceDeleteWithoutRecovery":true"#] {
            let refused = try await fixture.call("DeleteSecret", #"{"SecretId":"db"\#(force)}"#)
            #expect(refused.text("__type") == "InvalidParameterException")
            #expect(refused.message == "You can't delete secret db that still has replica regions [us-east-1]")
        }
        let removed = try await fixture.success(
            "RemoveRegionsFromReplication",
            #"{"SecretId":"db","RemoveReplicaRegions":["us-east-1","ap-south-1"]}"#
        )
        #expect(removed["ReplicationStatus"] == [])
        let gone = try await fixture.call("GetSecretValue", #"{"SecretId":"db"}"#, region: "us-east-1")
        #expect(gone.text("__type") == "ResourceNotFoundException")
        try await fixture.success("DeleteSecret", #"{"SecretId":"db"}"#)
    }

    @Test func theOwnRegionAndMalformedOnesAreRefused() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        for (regions, code, message) in [
            (#"[{"Region":"eu-west-1"}]"#, "InvalidParameterException", "Invalid replica region."),
            (
                #"[{"Region":"us-east-1"},{"Region":"us-east-1"}]"#, "InvalidParameterException",
                "The replica region us-east-1 is given more than once."
            ),
            (
                #"[{"Region":"Mars"}]"#, "ValidationException",
                "1 validation error detected: Value 'Mars' at 'addReplicaRegions.1.member.region' failed to satisfy constraint: "
                    + #"Member must satisfy regular expression pattern: ^([a-z]+-)+\d+$"#
            ),
        ] {
            let answer = try await fixture.call("ReplicateSecretToRegions", #"{"SecretId":"db","AddReplicaRegions":\#(regions)}"#)
            #expect(answer.text("__type") == code)
            #expect(answer.message == message)
        }
        #expect(try await fixture.describe()["ReplicationStatus"] == nil)
    }

    /// `db` in eu-west-1 with a replica in us-east-1.
    private static func replicated() async throws -> APIFixture {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        try await fixture.success("ReplicateSecretToRegions", #"{"SecretId":"db","AddReplicaRegions":[{"Region":"us-east-1"}]}"#)
        return fixture
    }
}
