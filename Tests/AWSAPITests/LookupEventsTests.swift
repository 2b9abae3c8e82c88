import SecretModel
import Storage
import TestSupport
import Testing

/// CloudTrail's LookupEvents over what the other operations leave behind.
@Suite struct LookupEventsTests {
    private static let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"

    private static func prepared() async throws -> APIFixture {
        let fixture = try await APIFixture()
        try await fixture.createSecret()
        try await fixture.success("GetSecretValue", #"{"SecretId":"db"}"#, after: .minutes(1))
        _ = try await fixture.call("GetSecretValue", #"{"SecretId":"db"}"#, after: .minutes(2), isAdministrator: false)
        try await fixture.success("ListSecrets", "{}", after: .minutes(3))
        _ = try await fixture.call("CreateSecret", #"{"Name":"far","ClientRequestToken":"@","SecretString":"x"}"#, region: "us-east-1")
        return fixture
    }

    private static func names(_ answer: APIFixture.Answer) -> [String] {
        answer["Events"]?.arrayValue?.compactMap { $0["EventName"]?.stringValue } ?? []
    }

    private static func look(_ fixture: APIFixture, _ body: String = "{}") async throws -> APIFixture.Answer {
        try await fixture.call(target: Self.target, body, after: .minutes(5))
    }

    private static let all = ["ListSecrets", "GetSecretValue", "GetSecretValue", "CreateSecret"]

    @Test(arguments: [
        ("EventName", "GetSecretValue", ["GetSecretValue", "GetSecretValue"]), ("EventName", "Nothing", []),
        ("ReadOnly", "true", ["ListSecrets", "GetSecretValue", "GetSecretValue"]), ("ReadOnly", "false", ["CreateSecret"]),
        ("Username", "ann", ["ListSecrets", "GetSecretValue", "CreateSecret"]), ("Username", "bob", []),
        ("AccessKeyId", "AKIDEXAMPLE", Self.all),
        ("EventSource", "secretsmanager.amazonaws.com", Self.all), ("EventSource", "kms.amazonaws.com", []),
        ("ResourceName", "db", ["GetSecretValue", "GetSecretValue", "CreateSecret"]), ("ResourceName", "nowhere", []),
        ("ResourceType", "AWS::SecretsManager::Secret", ["GetSecretValue", "GetSecretValue", "CreateSecret"]),
        ("ResourceType", "AWS::S3::Bucket", []),
    ])
    func findsByEachAttribute(key: String, value: String, expected: [String]) async throws {
        let fixture = try await Self.prepared()
        let body = #"{"LookupAttributes":[{"AttributeKey":"\#(key)","AttributeValue":"\#(value)"}]}"#
        #expect(Self.names(try await Self.look(fixture, body)) == expected)
    }

    @Test func anEventIsShownAsCloudTrailShowsIt() async throws {
        let fixture = try await Self.prepared()
        let arn = try #require(try await fixture.describe().text("ARN"))
        let page = try await Self.look(fixture, #"{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"CreateSecret"}]}"#)
        let event = try #require(page["Events"]?.arrayValue?.first)
        #expect(
            event.members?.map(\.name) == [
                "EventId", "EventName", "ReadOnly", "AccessKeyId", "EventTime", "EventSource", "Username", "Resources", "CloudTrailEvent",
            ]
        )
        #expect(event["ReadOnly"] == "false")
        #expect(event["EventTime"]?.integerValue == APIFixture.start.seconds)
        #expect(event["Resources"] == [["ResourceType": "AWS::SecretsManager::Secret", "ResourceName": .string(arn)]])
        let record = try JSONValue(parsing: try #require(event["CloudTrailEvent"]?.stringValue))
        #expect(record["eventID"] == event["EventId"] && record["awsRegion"] == "eu-west-1")
        let byID = #"{"LookupAttributes":[{"AttributeKey":"EventId","AttributeValue":"\#(event["EventId"]?.stringValue ?? "")"}]}"#
        #expect(Self.names(try await Self.look(fixture, byID)) == ["CreateSecret"])
    }

    @Test func pagesGoOnWhereTheyEndedThoughMoreHappens() async throws {
        let fixture = try await Self.prepared()
        var (found, token): ([String], String?) = ([], nil)
        repeat {
            let next = token.map { #","NextToken":"\#($0)""# } ?? ""
            // Looking is on record too, and newer than all that is looked at.
            let page = try await Self.look(fixture, #"{"MaxResults":1\#(next)}"#)
            found += Self.names(page)
            token = page.text("NextToken")
        } while token != nil
        #expect(found == Self.all)
        let own = try await Self.look(
            fixture,
            #"{"LookupAttributes":[{"AttributeKey":"EventSource","AttributeValue":"cloudtrail.amazonaws.com"}]}"#
        )
        #expect(Set(Self.names(own)) == ["LookupEvents"])
    }

    @Test func timesAreInclusiveAndHistoryEndsAfterNinetyDays() async throws {
        let fixture = try await Self.prepared()
        let minute = { APIFixture.start.seconds + $0 * 60 }
        #expect(
            Self.names(try await Self.look(fixture, #"{"StartTime":\#(minute(1)),"EndTime":\#(minute(2)).0}"#)) == Array(Self.all[1...2])
        )
        let late = try await fixture.call(target: Self.target, "{}", after: .days(90) + .minutes(2))
        #expect(Self.names(late) == ["LookupEvents", "LookupEvents", "ListSecrets", "GetSecretValue"].suffix(Self.names(late).count))
        #expect(Self.names(late).suffix(2) == ["ListSecrets", "GetSecretValue"])
    }

    @Test(arguments: [
        (#"{"MaxResults":0}"#, "InvalidMaxResultsException"), (#"{"MaxResults":51}"#, "InvalidMaxResultsException"),
        (#"{"StartTime":2,"EndTime":1}"#, "InvalidTimeRangeException"), (#"{"NextToken":"x"}"#, "InvalidNextTokenException"),
        (#"{"LookupAttributes":[{"AttributeKey":"Wrong","AttributeValue":"x"}]}"#, "ValidationException"),
        (#"{"LookupAttributes":[{"AttributeKey":"ReadOnly","AttributeValue":"x"}]}"#, "InvalidLookupAttributesException"),
        (
            #"{"LookupAttributes":[{"AttributeKey":"ReadOnly","AttributeValue":"true"},{"AttributeKey":"EventId","AttributeValue":"x"}]}"#,
            "InvalidLookupAttributesException"
        ),
    ])
    func refusesWhatCloudTrailRefuses(body: String, error: String) async throws {
        let fixture = try await APIFixture()
        #expect(try await Self.look(fixture, body).errorType == error)
    }
}
