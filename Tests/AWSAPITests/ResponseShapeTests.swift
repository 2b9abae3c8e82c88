import SecretModel
import Testing

@Suite("Shapes of answers (aws-api.md §1.2, §6, §7, §12)")
struct ResponseShapeTests {
    @Test func aMinimalSecretHasFourMembersOnly() async throws {
        let fixture = try await APIFixture()
        let created = try await fixture.success("CreateSecret", #"{"Name":"db","ClientRequestToken":"@","Description":""}"#)
        #expect(created.names == ["ARN", "Name"])
        let description = try await fixture.describe()
        #expect(description.names == ["ARN", "CreatedDate", "LastChangedDate", "Name"])
        #expect(description.date("CreatedDate") == 1_800_000_000.123)
        #expect(description.date("LastChangedDate") == 1_800_000_000.123)
    }

    @Test func createAnswersTheVersionAndDescribeItsLabels() async throws {
        let fixture = try await APIFixture()
        let created = try await fixture.createSecret()
        #expect(created.names == ["ARN", "Name", "VersionId"])
        #expect(created.text("VersionId") == APIFixture.token)
        let arn = try #require(created.text("ARN"))
        #expect(arn.hasPrefix("arn:aws:secretsmanager:eu-west-1:000000000000:secret:db-"))
        let description = try await fixture.call("DescribeSecret", #"{"SecretId":"\#(arn)"}"#)
        #expect(description["VersionIdsToStages"] == .object([.init(APIFixture.token, ["AWSCURRENT"])]))
    }

    @Test func textAndBytesComeBackAsTheyWent() async throws {
        let fixture = try await APIFixture()
        let value = #"{\"user\":\"ann\",\"password\":\"p/ä\\u0000\"}"#
        try await fixture.success("CreateSecret", #"{"Name":"text","ClientRequestToken":"@","SecretString":"\#(value)"}"#)
        let text = try await fixture.success("GetSecretValue", #"{"SecretId":"text"}"#)
        #expect(text.names == ["ARN", "CreatedDate", "Name", "SecretString", "VersionId", "VersionStages"])
        #expect(text.text("SecretString") == "{\"user\":\"ann\",\"password\":\"p/ä\\u0000\"}")
        try await fixture.success("CreateSecret", #"{"Name":"bytes","ClientRequestToken":"@","SecretBinary":"AP8B"}"#)
        let bytes = try await fixture.success("GetSecretValue", #"{"SecretId":"bytes"}"#)
        #expect(bytes.names == ["ARN", "CreatedDate", "Name", "SecretBinary", "VersionId", "VersionStages"])
        #expect(bytes.text("SecretBinary") == "AP8B")
    }

    @Test func createdDateOfAValueIsItsVersions() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        let put = try await fixture.success(
            "PutSecretValue",
            #"{"SecretId":"db","ClientRequestToken":"$2","SecretString":"two"}"#,
            after: .seconds(5)
        )
        #expect(put.names == ["ARN", "Name", "VersionId", "VersionStages"])
        let value = try await fixture.success("GetSecretValue", #"{"SecretId":"db"}"#)
        #expect(value.date("CreatedDate") == 1_800_000_005.123)
        #expect(try await fixture.describe().date("CreatedDate") == 1_800_000_000.123)
    }

    @Test func lastAccessedDateIsTheDayOfAReadAndAbsentBefore() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        #expect(try await fixture.describe()["LastAccessedDate"] == nil)
        try await fixture.success("GetSecretValue", #"{"SecretId":"db"}"#)
        #expect(try await fixture.describe().date("LastAccessedDate") == 1_799_971_200)
    }

    @Test func versionsAreListedWithTheFullARN() async throws {
        let fixture = try await APIFixture()
        let arn = try await fixture.createSecret()["ARN"]
        for number in 2...3 {
            try await fixture.success(
                "PutSecretValue",
                #"{"SecretId":"db","ClientRequestToken":"$\#(number)","SecretString":"x"}"#,
                after: .seconds(Int64(number))
            )
        }
        try await fixture.success("GetSecretValue", #"{"SecretId":"db"}"#)
        let listed = try await fixture.success("ListSecretVersionIds", #"{"SecretId":"db"}"#)
        #expect(listed.names == ["ARN", "Name", "Versions"], "no NextToken on the last page")
        #expect(listed["ARN"] == arn)
        #expect(listed["Versions"]?.arrayValue?.map { $0["VersionStages"] } == [["AWSPREVIOUS"], ["AWSCURRENT"]])
        #expect(listed["Versions"]?.arrayValue?.map { $0["LastAccessedDate"] == nil } == [true, false])
        #expect(listed["Versions"]?.arrayValue?.allSatisfy { $0["KmsKeyIds"] == ["DefaultEncryptionKey"] } == true)
        let all = try await fixture.success("ListSecretVersionIds", #"{"SecretId":"db","IncludeDeprecated":true}"#)
        #expect(all["Versions"]?.arrayValue?.first?.members?.map(\.name) == ["VersionId", "CreatedDate", "KmsKeyIds"])
        let description = try await fixture.describe()
        #expect(description["VersionIdsToStages"]?.members?.count == 2, "a version without labels does not show")
    }

    @Test func theListNamesVersionsDifferently() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        let entry = try #require(try await fixture.success("ListSecrets", "{}")["SecretList"]?.arrayValue?.first)
        #expect(entry["SecretVersionsToStages"] != nil)
        #expect(entry["VersionIdsToStages"] == nil)
    }

    @Test func tagsAreAbsentUntilTheFirstAndEmptyAfterTheLast() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        #expect(try await fixture.describe()["Tags"] == nil)
        let tagged = try await fixture.success("TagResource", #"{"SecretId":"db","Tags":[{"Key":"a","Value":"b"}]}"#)
        #expect(tagged.names == [])
        #expect(try await fixture.describe()["Tags"] == [["Key": "a", "Value": "b"]])
        try await fixture.success("UntagResource", #"{"SecretId":"db","TagKeys":["a"]}"#)
        #expect(try await fixture.describe()["Tags"] == [])
    }

    @Test func deletionDateHereAndDeletedDateThere() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        let deleted = try await fixture.success("DeleteSecret", #"{"SecretId":"db","RecoveryWindowInDays":7}"#)
        #expect(deleted.names == ["ARN", "DeletionDate", "Name"])
        #expect(deleted.date("DeletionDate") == 1_800_604_800.123)
        #expect(try await fixture.describe().date("DeletedDate") == 1_800_000_000.123)
        #expect(try await fixture.success("ListSecrets", "{}")["SecretList"] == [])
        let listed = try await fixture.success("ListSecrets", #"{"IncludePlannedDeletion":true}"#)
        #expect(listed["SecretList"]?.arrayValue?.first?["DeletedDate"] != nil)
        #expect(try await fixture.success("RestoreSecret", #"{"SecretId":"db"}"#).names == ["ARN", "Name"])
        #expect(try await fixture.describe()["DeletedDate"] == nil)
    }

    @Test func descriptionAndKeyAreEchoedAndCleared() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        let key = try #require(try await fixture.success("TrentService.CreateKey", "{}")["KeyMetadata"]?["KeyId"]?.stringValue)
        try await fixture.success("TrentService.CreateAlias", #"{"AliasName":"alias/mine","TargetKeyId":"\#(key)"}"#)
        let update = #"{"SecretId":"db","ClientRequestToken":"$2","Description":"d","KmsKeyId":"alias/mine"}"#
        #expect(try await fixture.success("UpdateSecret", update).names == ["ARN", "Name"])
        let changed = try await fixture.describe()
        #expect(changed.text("Description") == "d")
        #expect(changed.text("KmsKeyId") == "alias/mine")
        try await fixture.success("UpdateSecret", #"{"SecretId":"db","ClientRequestToken":"$3","Description":"","KmsKeyId":""}"#)
        let cleared = try await fixture.describe()
        #expect(cleared["Description"] == nil && cleared["KmsKeyId"] == nil)
        let valued = try await fixture.success("UpdateSecret", #"{"SecretId":"db","ClientRequestToken":"$4","SecretString":"two"}"#)
        #expect(valued.names == ["ARN", "Name", "VersionId"])
    }

    @Test func aPolicyComesBackToTheLetter() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        #expect(try await fixture.success("GetResourcePolicy", #"{"SecretId":"db"}"#).names == ["ARN", "Name"])
        let policy =
            #"{ "Version":"2012-10-17", "Statement":[{"Effect":"Allow","Principal":"*","Action":"secretsmanager:*","Resource":"*"}] }"#
        let quoted = JSONValue.string(policy).text
        #expect(try await fixture.success("PutResourcePolicy", #"{"SecretId":"db","ResourcePolicy":\#(quoted)}"#).names == ["ARN", "Name"])
        #expect(try await fixture.success("GetResourcePolicy", #"{"SecretId":"db"}"#).text("ResourcePolicy") == policy)
        let blocked = try await fixture.call(
            "PutResourcePolicy",
            #"{"SecretId":"db","ResourcePolicy":\#(quoted),"BlockPublicPolicy":true}"#
        )
        #expect(blocked.text("__type") == "PublicPolicyException")
        try await fixture.success("DeleteResourcePolicy", #"{"SecretId":"db"}"#)
        #expect(try await fixture.success("GetResourcePolicy", #"{"SecretId":"db"}"#)["ResourcePolicy"] == nil)
    }

    @Test func theDefaultReadFollowsALabelThatMoved() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        try await fixture.success(
            "PutSecretValue",
            #"{"SecretId":"db","ClientRequestToken":"$2","SecretString":"two","VersionStages":["mine"]}"#
        )
        #expect(try await fixture.success("GetSecretValue", #"{"SecretId":"db"}"#).text("SecretString") == "one")
        let moved = try await fixture.success(
            "UpdateSecretVersionStage",
            #"{"SecretId":"db","VersionStage":"AWSCURRENT","RemoveFromVersionId":"@","MoveToVersionId":"$2"}"#
        )
        #expect(moved.names == ["ARN", "Name"])
        let value = try await fixture.success("GetSecretValue", #"{"SecretId":"db"}"#)
        #expect(value.text("SecretString") == "two")
        #expect(Set(value["VersionStages"]?.arrayValue ?? []) == ["mine", "AWSCURRENT"])
    }

    @Test func unknownAndNullMembersDisturbNobody() async throws {
        let fixture = try await APIFixture()
        try await fixture.success(
            "CreateSecret",
            #"{"Name":"db","ClientRequestToken":"@","SecretString":"one","SecretBinary":null,"Type":"x","New":{"a":[1]}}"#
        )
        #expect(try await fixture.call("GetSecretValue", #"{"SecretId":"db"}"#, region: "us-east-1").status == 400)
    }
}
