import AdminClient
import SecretModel
import Testing

/// A rules file does for each secret what calls of AWS's would do, and asks what they would ask.
@Suite struct RulesAccessTests {
    private static func rules(_ entries: String...) -> JSONValue {
        let lines = ["apiVersion: keyturn/v1", "secrets:"] + entries.map { "  - {\($0)}" }
        return ["Document": .string(lines.joined(separator: "\n") + "\n"), "FileName": "team.yaml", "SkipPreflight": true]
    }

    @Test func `a rules file asks for each secret what the calls would ask that it stands for`() async throws {
        try await AccessSite.with { site in
            _ = try await site.makeSecret("other")
            let value = #"{"engine":"postgres","host":"127.0.0.1","port":1,"username":"app","password":"x"}"#
            let make: JSONValue = [
                "Name": "app-db", "SecretString": .string(value), "ClientRequestToken": "00000000-0000-0000-0000-000000000001",
            ]
            _ = try await site.admin.call("secretsmanager.CreateSecret", make)
            let rules = AccessSite.allow(["keyturn:PlanRules", "keyturn:ApplyRules"])
            func own(_ actions: String...) -> String {
                AccessSite.allow(actions.map { "secretsmanager:\($0)" }, on: ["arn:aws:secretsmanager:*:*:secret:app-*"])
            }
            let planner = AccessSite.User(name: "planner", statements: [rules])
            try await site.withUser(planner) { client in
                func expectDenied(_ action: String, _ operation: String, _ document: JSONValue) async throws {
                    let answer = try await AccessSite.answer(client, "keyturn.\(operation)", document)
                    #expect(answer.isDenied && answer.message.contains("secretsmanager:\(action) on resource"), "\(action): \(answer)")
                }
                let steps: [(allowed: [String], next: String, document: JSONValue)] = [
                    ([rules], "DescribeSecret", Self.rules("name: app-db, description: mine")),
                    ([rules, own("DescribeSecret")], "UpdateSecret", Self.rules("name: app-db, description: mine")),
                    ([rules, own("DescribeSecret")], "TagResource", Self.rules("name: app-db, tags: {a: b}")),
                    (
                        [rules, own("DescribeSecret", "UpdateSecret", "TagResource")], "RotateSecret",
                        Self.rules("name: app-db, rotation: {rotator: postgres-single-user, every: 30d}")
                    ),
                    (
                        [rules, own("DescribeSecret", "RotateSecret")], "GetSecretValue",
                        Self.rules("name: app-db, rotation: {rotator: postgres-single-user, every: 30d, admin: other}")
                    ),
                    ([rules, own("DescribeSecret")], "CreateSecret", Self.rules("name: app-new, template: {a: b}")),
                    (
                        [rules, own("DescribeSecret", "CreateSecret")], "TagResource",
                        Self.rules("name: app-new, template: {a: b}, tags: {a: b}")
                    ),
                ]
                for step in steps {
                    try await site.setPolicy(of: planner, step.allowed)
                    try await expectDenied(step.next, "ApplyRules", step.document)
                }
                try await site.setPolicy(of: planner, [rules, own("*")])
                for name in ["other", "none"] {
                    try await expectDenied("DescribeSecret", "PlanRules", Self.rules("name: \(name), template: {a: b}"))
                }
                let mixed = Self.rules("name: app-db, description: mine", "name: other, description: mine")
                try await expectDenied("DescribeSecret", "ApplyRules", mixed)
                let described = try await client.call("secretsmanager.DescribeSecret", ["SecretId": "app-db"])
                #expect(described["Description"] == nil && described["RotationEnabled"] == nil && described["Tags"] == nil, "I12")
                _ = try await client.call(
                    "keyturn.ApplyRules",
                    Self.rules(
                        "name: app-db, description: mine, tags: {a: b}, rotation: {rotator: postgres-single-user, every: 30d}",
                        "name: app-new, template: {a: b}, tags: {a: b}"
                    )
                )
            }
        }
    }
}
