import RotationModel
import SecretModel
import Testing

@testable import AWSAPI

@Suite("Rotation rules on the wire (aws-api.md §6.16, aws-service.md §1.1)")
struct RotationRulesTests {
    private func input(_ rules: String) throws -> APIInput {
        APIInput(try JSONValue(parsing: #"{"RotationRules":\#(rules)}"#))
    }

    @Test(arguments: [
        #"{"AutomaticallyAfterDays":30}"#, #"{"AutomaticallyAfterDays":1000,"Duration":"3h"}"#,
        #"{"ScheduleExpression":"rate(10 days)"}"#, #"{"Duration":"2h","ScheduleExpression":"cron(0 16 1,15 * ? *)"}"#,
    ])
    func areEchoedAsSent(text: String) throws {
        let input = try self.input(text)
        try [MemberRule.rotationRules].check(input)
        let rules = try #require(try input.rotationRules())
        #expect(JSONValue.rotationRules(rules).text == text)
    }

    @Test func emptyRulesKeepTheStoredOnes() throws {
        #expect(try self.input("{}").rotationRules() == nil)
        #expect(try APIInput(.object([])).rotationRules() == nil)
    }

    @Test(arguments: [
        (#"{"AutomaticallyAfterDays":30,"ScheduleExpression":"rate(10 days)"}"#, "InvalidParameterException"),
        (#"{"Duration":"3h"}"#, "InvalidParameterException"),
        (#"{"AutomaticallyAfterDays":0}"#, "ValidationException"), (#"{"AutomaticallyAfterDays":1001}"#, "ValidationException"),
        (#"{"Duration":"3m"}"#, "ValidationException"), (#"{"Duration":"+h"}"#, "ValidationException"),
        (#"{"ScheduleExpression":"rate(10;days)"}"#, "ValidationException"), (#"{"ScheduleExpression":""}"#, "ValidationException"),
        (#"{"AutomaticallyAfterDays":"30"}"#, "SerializationException"), (#"[]"#, "SerializationException"),
    ])
    func areRefused(text: String, code: String) throws {
        let input = try self.input(text)
        let error = #expect(throws: APIError.self) {
            try [MemberRule.rotationRules].check(input)
            _ = try input.rotationRules()
        }
        #expect(error?.code == code)
    }

    @Test func bothFrequenciesHaveAWSsText() throws {
        let error = #expect(throws: APIError.self) {
            try self.input(#"{"AutomaticallyAfterDays":30,"ScheduleExpression":"rate(10 days)"}"#).rotationRules()
        }
        #expect(error?.message == "You cannot specify both rotation frequency and schedule expression together.")
    }
}
