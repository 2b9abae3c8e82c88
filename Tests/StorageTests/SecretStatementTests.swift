import RotationModel
import SecretModel
import Testing

@testable import Storage

@Suite struct SecretStatementTests {
    typealias Fixture = StoreFixture

    @Test(arguments: TestedDriver.allCases)
    func everyMemberOfASecretComesBackAsItWasSaved(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        let secret = Self.complete
        let saved = try await fixture.store.write { store in
            try store.insert(Fixture.secret("db/app"))
            for name in ["v1", "v2"] {
                try store.insert(VersionRecord(secret: secret.arn, id: Fixture.version(name), value: nil, createdAt: Fixture.start))
            }
            return try store.update(secret)
        }
        let found = try await fixture.store.read { try $0.secret(secret.arn) }
        #expect(found == saved)
        var expected = secret
        expected.revision = 1
        #expect(found == expected)
        #expect(found?.labels.pairs.map(\.label.description) == ["AWSPENDING", "AWSCURRENT", "blue"])
    }

    private static var complete: SecretRecord {
        var secret = Fixture.rotating("db/app")
        secret.description = "quotes ' \" and ümlaut \u{1F511}"
        secret.kmsKeyID = "alias/app"
        secret.tags = [Tag(key: "b", value: "1"), Tag(key: "a", value: "")]
        secret.labels = VersionLabels([
            (.pending, Fixture.version("v2")), (.current, Fixture.version("v1")), (StagingLabel("blue")!, Fixture.version("v1")),
        ])
        secret.resourcePolicy = #"{"Statement": []}"#
        secret.changedAt = Fixture.start + .microseconds(1)
        secret.accessedDay = Fixture.start.startOfDay
        secret.deletedAt = Fixture.start + .days(1)
        secret.purgeAt = Fixture.start + .days(31)
        secret.rotation?.isEnabled = false
        secret.rotation?.rules = RotationRules(
            frequency: .expression("cron(0 8 1 * ? *)"),
            windowHours: 3,
            grace: .hours(6),
            jitter: .zero,
            freezes: [.init(from: Fixture.start, until: Fixture.start + .days(2), reason: "year's end")],
            stagger: .init(group: "pair", minimumGap: .hours(2)),
            maxAge: .days(60)
        )
        secret.rotation?.settings = RotatorSettingsData(password: .default, options: ["twin": "app_b"])
        secret.rotation?.admin = Fixture.arn("db/admin")
        secret.rotation?.lastRotatedAt = Fixture.start
        secret.rotation?.nextWindow = RotationWindow(start: Fixture.start + .days(1), end: Fixture.start + .days(2))
        secret.rotation?.maxAgeDeadline = Fixture.start + .days(60)
        secret.rotation?.consecutiveFailures = 4
        secret.rotation?.ruleset = "payments"
        return secret
    }
}
