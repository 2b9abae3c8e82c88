import NIOConcurrencyHelpers
import RotationEngine
import SecretModel
import Testing

@Suite(.timeLimit(.minutes(10))) struct RulesTests {
    private static func rules(_ entries: String...) -> JSONValue {
        let lines = ["apiVersion: keyturn/v1", "secrets:"] + entries.map { "  - {\($0)}" }
        return ["Document": .string(lines.joined(separator: "\n") + "\n"), "FileName": "team.yaml"]
    }

    private static let existing = "name: app, rotation: {rotator: fake, every: 30d, window: 3h}"
    private static let new =
        "name: new, description: made by rules, template: {username: new, host: db}, rotation: {rotator: fake, admin: app, every: 10d}"

    private static func change(_ answer: JSONValue, _ index: Int = 0) -> JSONValue { answer["Changes"]?.arrayValue?[index] ?? [:] }

    @Test("plan says what would be made and changed, with the next windows, and changes nothing")
    func plan() async throws {
        try await OperationsHouse.with { house in
            try await house.makeSecret("app", user: "app")
            let before = try await house.contents()
            let answer = try await house.success("keyturn.PlanRules", Self.rules(Self.existing, Self.new))
            #expect(answer["IsApplied"] == false)
            let (change, create) = (Self.change(answer), Self.change(answer, 1))
            #expect(change["Action"] == "change")
            #expect(change["Fields"]?.arrayValue?.contains(["Field": "rotation.schedule", "To": "every 30d"]) == true)
            #expect(change["NextWindows"]?.arrayValue?.count == 3)
            #expect(create["Action"] == "create")
            #expect(try await house.contents() == before)
        }
    }

    @Test("apply makes it so; the same file again changes nothing; an edit shows old and new")
    func apply() async throws {
        try await OperationsHouse.with { house in
            try await house.makeSecret("app", user: "app")
            let rules = Self.rules(Self.existing, Self.new)
            let answer = try await house.success("keyturn.ApplyRules", rules)
            #expect(answer["IsApplied"] == true)
            let rotations = try await house.success("keyturn.ListRotations")["Rotations"]?.arrayValue ?? []
            #expect(rotations.map { $0["Name"] } == ["app", "new"])
            #expect(rotations.allSatisfy { $0["Rotator"] == "fake" && $0["RotationEnabled"] == true && $0["DueDate"] != nil })

            let applied = try await house.contents()
            let again = try await house.success("keyturn.ApplyRules", rules)
            #expect(again["Changes"]?.arrayValue?.allSatisfy { $0["Action"] == "none" } == true)
            #expect(try await house.contents() == applied)

            let edit = try await house.success("keyturn.PlanRules", Self.rules(Self.existing.replacing("30d", with: "7d")))
            #expect(Self.change(edit)["Fields"] == [["Field": "rotation.schedule", "From": "every 30d", "To": "every 7d"]])
        }
    }

    @Test("I5 apply rotates nothing, however old the value is")
    func applyRotatesNothing() async throws {
        try await OperationsHouse.with { house in
            try await house.makeSecret("app", user: "app")
            house.time.withLockedValue { $0 = $0 + .days(400) }
            try await house.success("keyturn.ApplyRules", Self.rules(Self.existing))
            await house.scheduler.workOnce()
            #expect(house.rotator.state.withLockedValue(\.changes) == 0)
            let description = try await house.success("keyturn.DescribeRotation", ["SecretId": "app"])
            #expect(description["Runs"] == [])
            // The date that plan shows is the date that is stored.
            let plan = try await house.success("keyturn.PlanRules", Self.rules(Self.existing.replacing("3h", with: "4h")))
            let stored = try #require(description["Rotation"]?["NextRotationDate"])
            #expect(try #require(Self.change(plan)["NextWindows"]?.arrayValue?.first?["StartDate"]).text < stored.text)
        }
    }

    @Test(
        "I12 a file of which one rule is refused is not applied at all",
        arguments: [
            // The second account of the same file, which no check of the target can know before.
            ("name: third, template: {username: new, host: db}, rotation: {rotator: fake, admin: app, every: 10d}", "already rotates"),
            ("name: third, template: {username: other}, rotation: {rotator: fake, admin: app, every: 10d}", "username, host or password"),
            ("name: third, tags: {\"aws:team\": x}, template: {username: t, host: db}", "reserved"),
            ("name: third, rotation: {rotator: fake, every: 10d}", "does not exist"),
            ("name: third, template: {username: t, host: db}, rotation: {rotator: fake, every: 10d}", "a password that no target knows"),
            ("name: third, template: {username: t, host: db}, rotation: {rotator: fake, admin: nobody, every: 10d}", "nobody"),
            ("name: third, template: {username: t, host: db}, rotation: {rotator: fakes, admin: app, every: 10d}", "did you mean fake?"),
        ]
    )
    func refusal(third: String, reason: String) async throws {
        try await OperationsHouse.with { house in
            try await house.makeSecret("app", user: "app")
            let before = try await house.contents()
            let answer = try await house.call("keyturn.ApplyRules", Self.rules(Self.existing, Self.new, third))
            #expect(answer.status == 400)
            #expect(answer.message.contains("Nothing was applied. third"), "\(answer.message)")
            #expect(answer.message.contains(reason), "\(answer.message)")
            #expect(try await house.contents() == before)
        }
    }

    @Test("an admin secret that the same file makes is bound")
    func adminOfTheSameFile() async throws {
        try await OperationsHouse.with { house in
            let admin = "name: admin, template: {username: root, host: db}"
            try await house.success("keyturn.ApplyRules", Self.rules(Self.new.replacing("admin: app", with: "admin: admin"), admin))
            let plan = try await house.success(
                "keyturn.PlanRules",
                Self.rules(Self.new.replacing("admin: app", with: "admin: admin"), admin)
            )
            #expect(Self.change(plan)["Action"] == "none", "\(plan.text)")
        }
    }

    @Test("a file that is wrong is refused with line and column")
    func syntax() async throws {
        try await OperationsHouse.with { house in
            let answer = try await house.call("keyturn.PlanRules", Self.rules("name: app, rotation: {rotator: fake, evry: 30d}"))
            #expect(answer.errorType == "InvalidParameterException")
            #expect(answer.message.contains(#"team.yaml:3:43: unknown key "evry" in rotation; did you mean "every"?"#), "\(answer.message)")
        }
    }

    @Test("who is no administrator may neither look nor apply")
    func authorization() async throws {
        try await OperationsHouse.with { house in
            for target in ["keyturn.PlanRules", "keyturn.ApplyRules"] {
                let answer = try await house.call(target, Self.rules(Self.new), isAdministrator: false)
                #expect(answer.errorType == "AccessDeniedException")
                #expect(answer.message.contains("not authorized to perform: \(target.replacing(".", with: ":"))"))
            }
        }
    }
}
