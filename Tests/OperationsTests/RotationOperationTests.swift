import NIOConcurrencyHelpers
import SecretModel
import Testing

@Suite(.timeLimit(.minutes(10))) struct RotationOperationTests {
    private static let rules: JSONValue = [
        "Document": "apiVersion: keyturn/v1\nsecrets: [{name: app, rotation: {rotator: fake, every: 30d}}]\n"
    ]

    private static func configured(_ house: OperationsHouse) async throws {
        try await house.makeSecret("app", user: "app")
        try await house.success("keyturn.ApplyRules", Self.rules)
    }

    @Test("list and describe show the state, the runs, and every step")
    func describe() async throws {
        try await OperationsHouse.with { house in
            try await Self.configured(house)
            let first = try await house.rotate("app")
            house.time.withLockedValue { $0 = $0 + .hours(1) }
            let second = try await house.rotate("app")
            let rotations = try await house.success("keyturn.ListRotations")["Rotations"]?.arrayValue ?? []
            #expect(rotations.first?["State"] == "ok")
            #expect(rotations.first?["VersionIdsToStages"]?[second] == ["AWSCURRENT"])

            let all = try await house.success("keyturn.DescribeRotation", ["SecretId": "app"])
            #expect(all["Runs"]?.arrayValue?.map { $0["RunId"]?.stringValue } == [second, first])
            let one = try await house.success("keyturn.DescribeRotation", ["SecretId": "app", "RunId": .string(first)])
            let run = one["Runs"]?.arrayValue?.first ?? [:]
            #expect(run["State"] == "succeeded")
            #expect(run["Steps"]?.arrayValue?.compactMap { $0["Name"]?.stringValue }.contains("setSecret") == true)
            #expect(one["Rotation"] == all["Rotation"])
        }
    }

    @Test("what does not exist is named", arguments: ["0123456789012345678901234567890123456789", "a token with blanks, 32 characters"])
    func unknownRun(run: String) async throws {
        try await OperationsHouse.with { house in
            try await Self.configured(house)
            let answer = try await house.call("keyturn.DescribeRotation", ["SecretId": "app", "RunId": .string(run)])
            #expect(answer.errorType == "ResourceNotFoundException")
            #expect(answer.message == "The secret app has no run \(run).")
            #expect(try await house.call("keyturn.DescribeRotation", ["SecretId": "none"]).errorType == "ResourceNotFoundException")
            #expect(try await house.call("keyturn.RetryRotation", ["SecretId": "app"]).errorType == "InvalidRequestException")
        }
    }

    @Test("rollback moves AWSCURRENT only to a value that is proven to log in")
    func rollback() async throws {
        try await OperationsHouse.with { house in
            try await Self.configured(house)
            let none = try await house.call("keyturn.RollBackSecret", ["SecretId": "app"])
            #expect(none.message == "The secret app has no version with AWSPREVIOUS to go back to.")
            let version = try await house.rotate("app")
            let before = try await house.contents()

            let refused = try await house.call("keyturn.RollBackSecret", ["SecretId": "app"])
            #expect(refused.errorType == "InvalidRequestException")
            #expect(refused.message.contains("did not log in: refused"), "\(refused.message)")
            house.rotator.state.withLockedValue { $0.acceptsAnything = true }
            let unproven = try await house.call("keyturn.RollBackSecret", ["SecretId": "app"])
            #expect(unproven.message.contains("proves nothing"), "\(unproven.message)")
            let after = try await house.contents()
            #expect(after == before)

            house.rotator.state.withLockedValue {
                $0.acceptsAnything = false
                $0.passwords["app@db"] = ["first"]
            }
            let moved = try await house.success("keyturn.RollBackSecret", ["SecretId": "app"])
            #expect(moved["VersionId"]?.stringValue != version)
            let value = try await house.success("secretsmanager.GetSecretValue", ["SecretId": "app"])
            #expect(value["SecretString"]?.stringValue?.contains("first") == true)
        }
    }

    @Test("doctor does not take for healthy what accepts any password")
    func health() async throws {
        try await OperationsHouse.with { house in
            try await Self.configured(house)
            func level() async throws -> JSONValue? {
                let findings = try await house.success("keyturn.CheckHealth")["Findings"]?.arrayValue ?? []
                return findings.first { $0["Check"] == "app" }?["Level"]
            }
            #expect(try await level() == "passed")
            house.rotator.state.withLockedValue { $0.acceptsAnything = true }
            #expect(try await level() == "warning")
            house.rotator.state.withLockedValue { $0 = FakeRotator.State() }
            #expect(try await level() == "failed")
        }
    }

    @Test("the audit trail is that of the caller's region, in full")
    func audit() async throws {
        try await OperationsHouse.with { house in
            try await house.makeSecret("app", user: "app")
            let token = OperationsHouse.newToken()
            for name in ["a", "b"] {
                let input: JSONValue = ["Name": .string(name), "ClientRequestToken": .string(token), "SecretString": "x"]
                #expect(try await house.call("secretsmanager.CreateSecret", input, region: "us-east-1").status == 200)
            }
            let records = try await house.success("keyturn.ListAuditRecords", ["MaxResults": 1])["AuditRecords"]?.arrayValue
            #expect(records?.count == 1)
            #expect(records?.first?["Event"] == "CreateSecret")
            #expect(records?.first?["Resource"]?.stringValue?.contains("eu-west-1") == true)
        }
    }
}
