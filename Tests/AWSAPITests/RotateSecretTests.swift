import SecretModel
import Testing

@Suite("RotateSecret and CancelRotateSecret (aws-api.md §6.16)")
struct RotateSecretTests {
    private static let function = "arn:aws:lambda:eu-west-1:000000000000:function:still"
    private static let noFunction = "No Lambda rotation function ARN is associated with this secret."
    private static let cannotInvoke =
        "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal"
        + " secretsmanager.amazonaws.com."

    @Test(arguments: [
        (
            #"{"SecretId":"nosuch"}"#, "InvalidParameterException",
            "You must provide a ClientRequestToken value. We recommend a UUID-type value."
        ),
        (
            #"{"SecretId":"nosuch","ClientRequestToken":"$2"}"#, "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret."
        ),
        (#"{"SecretId":"db","ClientRequestToken":"$2"}"#, "InvalidRequestException", Self.noFunction),
        (
            #"{"SecretId":"db","ClientRequestToken":"$2","RotationRules":{"AutomaticallyAfterDays":30}}"#, "InvalidRequestException",
            Self.noFunction
        ),
        (
            #"{"SecretId":"db","ClientRequestToken":"$2","RotationLambdaARN":"arn:aws:lambda:eu-west-1:000000000000:function:nosuch"}"#,
            "AccessDeniedException", Self.cannotInvoke
        ),
        (
            #"{"SecretId":"db","ClientRequestToken":"$2","RotationLambdaARN":"no function at all"}"#, "AccessDeniedException",
            Self.cannotInvoke
        ),
        (
            #"{"SecretId":"db","ClientRequestToken":"$2","RotationRules":{"AutomaticallyAfterDays":1,"ScheduleExpression":"rate(1 day)"}}"#,
            "InvalidParameterException", "You cannot specify both rotation frequency and schedule expression together."
        ),
    ])
    func I12_aRefusalLeavesNoRotationBehind(body: String, code: String, message: String) async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        let before = try await fixture.describe().body
        let answer = try await fixture.call("RotateSecret", body)
        #expect(answer.text("__type") == code)
        #expect(answer.message == message)
        #expect(try await fixture.describe().body == before)
    }

    @Test func aScheduleThatMakesNoSenseIsAnInvalidParameter() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        for expression in ["rate(1 hour)", "cron(0 8 * * * *)", "every day"] {
            let answer = try await fixture.call(
                "RotateSecret",
                #"{"SecretId":"db","ClientRequestToken":"$2","RotationLambdaARN":"\#(Self.function)","#
                    + #""RotationRules":{"ScheduleExpression":"\#(expression)"}}"#
            )
            #expect(answer.text("__type") == "InvalidParameterException", "\(answer.body.text)")
            #expect(try await fixture.describe()["RotationEnabled"] == nil)
        }
    }

    @Test func aRunBeginsWithAnEmptyPendingVersion() async throws {
        let fixture = try await APIFixture()
        let arn = try await fixture.createSecret()["ARN"]
        let rotated = try await fixture.success(
            "RotateSecret",
            #"{"SecretId":"db","ClientRequestToken":"$2","RotationLambdaARN":"\#(Self.function)","RotationRules":{"AutomaticallyAfterDays":30}}"#
        )
        let token = APIFixture.expanded("$2")
        #expect(rotated.body == .object([.init("ARN", arn ?? .null), .init("Name", "db"), .init("VersionId", .string(token))]))
        let description = try await fixture.describe()
        #expect(description["RotationEnabled"] == true)
        #expect(description.text("RotationLambdaARN") == Self.function)
        #expect(description["RotationRules"] == ["AutomaticallyAfterDays": 30])
        #expect(description["LastRotatedDate"] == nil)
        // The last second of the day, thirty days after the day of AWSCURRENT's version.
        #expect(description.date("NextRotationDate") == 1_802_649_599.0)
        #expect(
            description["VersionIdsToStages"]
                == .object([.init(APIFixture.token, ["AWSCURRENT"]), .init(token, ["AWSPENDING"])])
        )
        let pending = try await fixture.call("GetSecretValue", #"{"SecretId":"db","VersionId":"$2","VersionStage":"AWSPENDING"}"#)
        #expect(pending.text("__type") == "ResourceNotFoundException", "rotation functions depend on it")
        let again = try await fixture.call("RotateSecret", #"{"SecretId":"db","ClientRequestToken":"$3"}"#)
        #expect(again.text("__type") == "InvalidRequestException")
        #expect(again.message == "A previous rotation isn't complete. That rotation will be reattempted.")
    }

    @Test func cancellingKeepsFunctionAndRules() async throws {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        let never = try await fixture.call("CancelRotateSecret", #"{"SecretId":"db"}"#)
        #expect(never.text("__type") == "InvalidRequestException")
        try await fixture.success(
            "RotateSecret",
            #"{"SecretId":"db","ClientRequestToken":"$2","RotationLambdaARN":"\#(Self.function)","RotationRules":{"AutomaticallyAfterDays":30}}"#
        )
        let cancelled = try await fixture.success("CancelRotateSecret", #"{"SecretId":"db"}"#)
        #expect(cancelled.text("VersionId") == APIFixture.expanded("$2"))
        let description = try await fixture.describe()
        #expect(description["RotationEnabled"] == false)
        #expect(description.text("RotationLambdaARN") == Self.function)
        #expect(description["RotationRules"] == ["AutomaticallyAfterDays": 30])
        #expect(description["NextRotationDate"] == nil)
    }

    @Test func aSecretOfAnotherRegionIsNotFoundByItsARN() async throws {
        let fixture = try await APIFixture()
        let arn = try #require(try await fixture.createSecret().text("ARN"))
        let answer = try await fixture.call(
            "RotateSecret",
            #"{"SecretId":"\#(arn)","ClientRequestToken":"$2","RotationLambdaARN":"\#(Self.function)"}"#,
            region: "us-east-1"
        )
        #expect(answer.text("__type") == "ResourceNotFoundException")
    }
}
