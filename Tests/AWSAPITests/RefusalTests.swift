import SecretModel
import Storage
import Testing

@Suite("Refusals: codes, texts, order of checks (aws-api.md §1.3 to §1.5, §3 to §6)")
struct RefusalTests {
    @Test(arguments: Self.cases)
    func I12_aRefusalIsAWSsAndChangesNothing(_ refusal: Case) async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        try await fixture.success("CreateSecret", #"{"Name":"empty","ClientRequestToken":"@"}"#)
        try await fixture.createSecret("gone")
        try await fixture.success("DeleteSecret", #"{"SecretId":"gone"}"#)
        func descriptions() async throws -> [String] {
            var texts: [String] = []
            for name in ["db", "empty", "gone"] { texts.append(try await fixture.describe(name).body.text) }
            return texts + [try await fixture.call("ListSecretVersionIds", #"{"SecretId":"db","IncludeDeprecated":true}"#).body.text]
        }
        let before = try await descriptions()
        let answer = try await fixture.call(refusal.operation, refusal.body, after: .hours(1))
        #expect(answer.status == 400)
        #expect(answer.text("__type") == refusal.code)
        #expect(answer.errorType == refusal.code)
        if refusal.code != "SerializationException" || !refusal.message.contains("at byte") { #expect(answer.message == refusal.message) }
        #expect(try await descriptions() == before)
    }

    @Test func modelledErrorsHaveACapitalMessageAndOthersALowerCaseOne() async throws {
        let fixture = try await APIFixture()
        #expect(try await fixture.call("DescribeSecret", #"{"SecretId":"x"}"#).names == ["Message", "__type"])
        #expect(try await fixture.call("DescribeSecret", "{}").names == ["__type", "message"])
    }

    @Test func aSecondTokenUseNamesTokenAndARN() async throws {
        let fixture = try await APIFixture()
        let arn = try #require(try await fixture.createSecret().text("ARN"))
        let text =
            "You can't use ClientRequestToken \(APIFixture.token) because that value is already in use for a version of secret \(arn)."
        for (operation, member) in [("CreateSecret", "Name"), ("PutSecretValue", "SecretId"), ("UpdateSecret", "SecretId")] {
            let answer = try await fixture.call(operation, #"{"\#(member)":"db","ClientRequestToken":"@","SecretString":"other"}"#)
            #expect(answer.text("__type") == "ResourceExistsException")
            #expect(answer.message == text)
        }
    }

    @Test func aLabelThatStandsElsewhereMustBeTakenFromThere() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        try await fixture.success("PutSecretValue", #"{"SecretId":"db","ClientRequestToken":"$2","SecretString":"two"}"#)
        let unnamed = try await fixture.call(
            "UpdateSecretVersionStage",
            #"{"SecretId":"db","VersionStage":"AWSCURRENT","MoveToVersionId":"@"}"#
        )
        #expect(
            unnamed.message
                == "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version \(Self.id2),"
                + " so you must explicitly reference that version in RemoveFromVersionId."
        )
        let wrong = try await fixture.call(
            "UpdateSecretVersionStage",
            #"{"SecretId":"db","VersionStage":"AWSCURRENT","MoveToVersionId":"@","RemoveFromVersionId":"@"}"#
        )
        #expect(wrong.text("__type") == "InvalidParameterException")
    }

    @Test func whoHasNoRightsIsRefused() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        let answer = try await fixture.call("GetSecretValue", #"{"SecretId":"db"}"#, isAdministrator: false)
        #expect(answer.status == 400)
        #expect(answer.text("__type") == "AccessDeniedException")
        #expect(
            answer.message
                == "User: arn:aws:iam::000000000000:user/eve is not authorized to perform: secretsmanager:GetSecretValue on resource: db"
                + " because no identity-based policy allows the secretsmanager:GetSecretValue action"
        )
    }

    @Test func I8_noErrorShowsAValue() async throws {
        let fixture = try await APIFixture()
        let long = String(repeating: "hunter2", count: 10_000)
        for body in [
            #"{"SecretId":"nosuch","ClientRequestToken":"@","SecretString":"hunter2"}"#,
            #"{"SecretId":"nosuch","ClientRequestToken":"@","SecretString":"\#(long)"}"#,
            #"{"SecretId":"nosuch","ClientRequestToken":"@","SecretString":"hunter2","SecretBinary":"aHVudGVyMg=="}"#,
            #"{"SecretId":"nosuch","ClientRequestToken":"@","SecretBinary":"hunter2"}"#,
        ] {
            let answer = try await fixture.call("PutSecretValue", body)
            #expect(answer.status == 400)
            #expect(!answer.body.text.contains("hunter2"))
        }
    }

    @Test func storeFailuresTellTheClientNothing() async throws {
        let fixture = try await APIFixture()
        try fixture.store.close()
        let answer = try await fixture.describe()
        #expect(answer.status == 500)
        #expect(answer.text("__type") == "InternalServiceError")
        #expect(answer.message == "An error occurred on the server side.")
    }
}
