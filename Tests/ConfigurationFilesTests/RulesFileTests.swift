import ConfigurationFiles
import RotationModel
import SecretModel
import Testing

@Suite struct RulesFileTests {
    private func problems(_ text: String) -> [String] {
        do throws(ConfigurationProblems) {
            _ = try RulesFile(parsing: text, file: "rules.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func readsAWholeFile() throws {
        let file = try RulesFile(
            parsing: """
                apiVersion: keyturn/v1
                defaults: {rotation: {window: 3h, grace: 12h}}
                secrets:
                  - name: prod/db/app
                    description: payments
                    tags: {team: payments}
                    template: {engine: postgres, port: 5432, ssl: true, dbname: "5432"}
                    password: {length: 40, exclude: "%"}
                    rotation:
                      rotator: postgres
                      strategy: alternating-users
                      admin: prod/db/admin
                      every: 30d
                      max_age: 45d
                      freeze: [{from: 2026-12-20, until: 2027-01-02, reason: holidays}]
                      stagger: {group: db, min_gap: 2h}
                      options: {owner_role: app_owner}
                """,
            file: "conf/rules.yaml"
        )
        #expect(file.ruleset == "rules")
        let rule = try #require(file.secrets.first)
        #expect(rule.name.description == "prod/db/app")
        #expect(rule.line == 4)
        #expect(rule.template?.text == #"{"engine":"postgres","port":5432,"ssl":true,"dbname":"5432"}"#)
        #expect(rule.password?.length == 40)
        let rotation = try #require(rule.rotation)
        #expect(rotation.rotator.description == "postgres-alternating-users")
        #expect(rotation.rules.frequency == .days(30))
        #expect(rotation.rules.windowHours == 3)
        #expect(rotation.rules.grace == .hours(12))
        #expect(rotation.rules.maxAge == .days(45))
        #expect(rotation.rules.freezes.first?.until.rfc3339 == "2027-01-02T00:00:00Z")
        #expect(rotation.rules.stagger == .init(group: "db", minimumGap: .hours(2)))
        #expect(rotation.options == ["owner_role": "app_owner"])
    }

    /// Every mistake has its place and says what to write instead.
    @Test(arguments: [
        ("", "rules.yaml:1:1: the file is empty"),
        ("secrets: []", "rules.yaml:1:1: a rules file needs \"apiVersion\""),
        ("apiVersion: keyturn/v2\nsecrets: []", "rules.yaml:1:13: apiVersion must be keyturn/v1"),
        ("apiVersion: keyturn/v1\nsecret: []", "rules.yaml:2:1: unknown key \"secret\" in a rules file; did you mean \"secrets\"?"),
        ("apiVersion: [", "rules.yaml:2:1: not YAML"),
        ("apiVersion: keyturn/v1\nsecrets:\n  - name: a b", "rules.yaml:3:11: not a valid name"),
        ("apiVersion: keyturn/v1\nsecrets:\n  - nme: a", "rules.yaml:3:5: unknown key \"nme\" in a secret; did you mean \"name\"?"),
        (
            "apiVersion: keyturn/v1\nsecrets:\n  - name: a\n    rotation: {rotator: x, evry: 3d}",
            "rules.yaml:4:28: unknown key \"evry\" in rotation; did you mean \"every\"?"
        ),
        (
            "apiVersion: keyturn/v1\nsecrets:\n  - name: a\n    rotation: {rotator: x, every: 3x}",
            "rules.yaml:4:35: every must be a span of time"
        ),
        (
            "apiVersion: keyturn/v1\nsecrets:\n  - name: a\n    rotation: {rotator: x, every: 3d, schedule: rate(4 days)}",
            "rules.yaml:4:49: give either \"every\" or \"schedule\", not both"
        ),
        ("apiVersion: keyturn/v1\nsecrets:\n  - name: a\n    rotation: {rotator: x}", "rules.yaml:4:15: rotation needs \"every\""),
        (
            "apiVersion: keyturn/v1\nsecrets:\n  - name: a\n    rotation: {rotator: x, schedule: cron(0 2 * * * *)}",
            "rules.yaml:4:38: "
        ),
        (
            "apiVersion: keyturn/v1\nsecrets:\n  - name: a\n    template: {password: hunter2}",
            "rules.yaml:4:26: no passwords in rules files"
        ),
        ("apiVersion: keyturn/v1\nsecrets:\n  - name: a\n    name: b", "rules.yaml:"),
        ("apiVersion: keyturn/v1\nsecrets:\n  - name: a\n  - name: a", "rules.yaml:4:5: a stands twice in this file"),
    ])
    func saysWhatIsWrongAndWhere(text: String, expected: String) {
        let found = self.problems(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(expected) == true, "\(found)")
    }

    @Test func reportsTheMistakesOfAllSecretsAtOnce() {
        let found = self.problems("apiVersion: keyturn/v1\nsecrets:\n  - nme: a\n  - {name: b, tgs: {}}")
        #expect(found.count == 2)
    }

    @Test(arguments: [("30d", 2_592_000), ("1d 12h", 129_600), ("90m", 5_400), ("0", 0), ("10s", 10)] as [(String, Int64)])
    func readsSpansOfTime(text: String, seconds: Int64) {
        #expect(DurationText.parse(text) == .seconds(seconds))
        #expect(DurationText.parse(text).map(DurationText.format).flatMap(DurationText.parse) == .seconds(seconds))
    }

    @Test(arguments: ["", "d", "3", "-3d", "3 d", "3d4h", "1.5h", "99999999999d"])
    func refusesWhatIsNoSpanOfTime(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
