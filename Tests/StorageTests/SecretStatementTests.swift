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

    @Test(arguments: TestedDriver.allCases)
    func anEmptySecretComesBackEmpty(driver: TestedDriver) async throws {
        let secret = Fixture.secret("plain")
        let fixture = try await StoreFixture.holding([secret], in: driver)
        #expect(try await fixture.store.read { try $0.secret(secret.arn) } == secret)
    }

    @Test(arguments: TestedDriver.allCases)
    func aReplicaComesBackAsOne(driver: TestedDriver) async throws {
        var secret = Fixture.secret("copy")
        secret.replication = .replica(of: known(RegionName("us-east-1")))
        let fixture = try await StoreFixture.holding([secret], in: driver)
        let (arn, expected) = (secret.arn, secret.replication)
        #expect(try await fixture.store.read { try $0.secret(arn)?.replication } == expected)
    }

    @Test(arguments: TestedDriver.allCases)
    func aSecretIsFoundByNameARNAndPartialARN(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("db/app"), Fixture.secret("db/app-AbCd12")], in: driver)
        let other = SecretScope(account: known(AccountID("111111111111")), region: known(RegionName("us-east-1")))
        let arn = Fixture.arn("db/app").description
        let cases: [(text: String, scope: SecretScope, found: String?)] = [
            ("db/app", Fixture.scope, "db/app"), ("db/app", other, nil), ("DB/APP", Fixture.scope, nil), ("db/ap_", Fixture.scope, nil),
            (arn, Fixture.scope, "db/app"), (arn, other, "db/app"), (String(arn.dropLast(7)), other, "db/app"),
            (String(arn.dropLast(6)) + "zzzzzz", Fixture.scope, nil),
            (Fixture.arn("db/app-AbCd12").description, Fixture.scope, "db/app-AbCd12"),
        ]
        for (text, scope, name) in cases {
            let reference = try #require(SecretReference(text))
            let found = try await fixture.store.read { try $0.secret(matching: reference, in: scope) }
            #expect(found?.arn.name.description == name, "\(text)")
        }
    }

    @Test(arguments: TestedDriver.allCases)
    func secretsAreListedPerScopeInOrderOfCreation(driver: TestedDriver) async throws {
        var deleted = Fixture.secret("c")
        deleted.deletedAt = Fixture.start
        let elsewhere = SecretScope(account: .initial, region: known(RegionName("us-east-1")))
        let fixture = try await StoreFixture.holding(
            [
                Fixture.secret("z"), deleted, Fixture.secret("a"),
                SecretRecord(arn: Fixture.arn("b", in: elsewhere), createdAt: Fixture.start),
            ],
            in: driver
        )
        func names(_ scope: SecretScope, _ includingDeleted: Bool) async throws -> [String] {
            try await fixture.store.read { try $0.secrets(in: scope, includingDeleted: includingDeleted).map(\.arn.name.description) }
        }
        #expect(try await names(Fixture.scope, false) == ["z", "a"])
        #expect(try await names(Fixture.scope, true) == ["z", "c", "a"])
        #expect(try await names(elsewhere, true) == ["b"])
    }

    @Test(arguments: TestedDriver.allCases)
    func aNameIsTakenUntilItsSecretIsGone(driver: TestedDriver) async throws {
        var first = Fixture.secret("db/app")
        first.deletedAt = Fixture.start
        let fixture = try await StoreFixture.holding([first], in: driver)
        let second = SecretRecord(
            arn: known(SecretARN(scope: Fixture.scope, name: first.arn.name, suffix: "ZZZZZZ")),
            createdAt: Fixture.start
        )
        await #expect(throws: StoreError.nameTaken(first.arn.name)) {
            try await fixture.store.write { try $0.insert(second) }
        }
        let gone = first.arn
        try await fixture.store.write { store in
            try store.delete(gone)
            try store.insert(second)
        }
        #expect(try await fixture.store.read { try $0.secret(gone) } == nil)
    }

    @Test(arguments: TestedDriver.allCases)
    func ofTwoChangesToOneRevisionTheSecondIsRefused(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("db/app")], in: driver)
        let arn = Fixture.arn("db/app")
        let read = try #require(try await fixture.store.read { try $0.secret(arn) })
        var first = read
        first.description = "first"
        var second = read
        second.description = "second"
        let (winner, loser) = (first, second)
        try await fixture.store.write { try $0.update(winner) }
        await #expect(throws: StoreError.revisionConflict(arn)) {
            try await fixture.store.write { try $0.update(loser) }
        }
        #expect(try await fixture.store.read { try $0.secret(arn)?.description } == "first")
        let stranger = Fixture.secret("nobody")
        await #expect(throws: StoreError.noSuchSecret(stranger.arn)) {
            try await fixture.store.write { try $0.update(stranger) }
        }
        await #expect(throws: StoreError.noSuchSecret(stranger.arn)) {
            try await fixture.store.write { try $0.delete(stranger.arn) }
        }
    }

    @Test(arguments: TestedDriver.allCases)
    func aSavedRecordCanBeSavedAgainInTheSameTransaction(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("db/app")], in: driver)
        try await fixture.store.write { store in
            var secret = try store.update(Fixture.secret("db/app"))
            secret.description = "again"
            try store.update(secret)
        }
        let found = try await fixture.store.read { try $0.secret(Fixture.arn("db/app")) }
        #expect(found?.revision == 2)
        #expect(found?.description == "again")
    }

    @Test(arguments: TestedDriver.allCases)
    func aReadIsNotedWithoutChangingTheSecret(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("db/app")], in: driver)
        let arn = Fixture.arn("db/app")
        let (day, id) = (Fixture.start.startOfDay, Fixture.version("v1"))
        let stale = try #require(try await fixture.store.read { try $0.secret(arn) })
        try await fixture.store.write { store in
            try store.insert(VersionRecord(secret: arn, id: id, value: nil, createdAt: Fixture.start))
            try store.noteAccess(to: id, of: arn, on: day)
            try store.noteAccess(to: id, of: arn, on: day - .days(1))
        }
        #expect(try await fixture.store.read { try $0.version(id, of: arn)?.accessedDay } == day)
        // A record read before the access still has the stored revision, and does not undo the access.
        try await fixture.store.write { try $0.update(stale) }
        let found = try await fixture.store.read { try $0.secret(arn) }
        #expect(found?.accessedDay == day)
        #expect(found?.changedAt == Fixture.start)
        #expect(found?.revision == 1)
    }

    @Test(arguments: TestedDriver.allCases)
    func secretsToPurgeAreThoseWhoseTimeHasCome(driver: TestedDriver) async throws {
        let secrets = (1...3).map { day in
            var secret = Fixture.secret("s\(day)")
            secret.deletedAt = day == 2 ? nil : Fixture.start
            secret.purgeAt = Fixture.start + .days(Int64(day))
            return secret
        }
        let fixture = try await StoreFixture.holding(secrets, in: driver)
        let early = try await fixture.store.read { try $0.purgeableSecrets(at: Fixture.start + .days(2)) }
        #expect(early == [secrets[0].arn])
        let late = try await fixture.store.read { try $0.purgeableSecrets(at: Fixture.start + .days(3)) }
        #expect(late == [secrets[0].arn, secrets[2].arn])
    }

    private static var complete: SecretRecord {
        var secret = Fixture.rotating("db/app")
        secret.description = "quotes ' \" and ümlaut \u{1F511}"
        secret.kmsKeyID = "alias/app"
        secret.tags = [Tag(key: "b", value: "1"), Tag(key: "a", value: "")]
        secret.labels = VersionLabels([
            (.pending, Fixture.version("v2")), (.current, Fixture.version("v1")), (known(StagingLabel("blue")), Fixture.version("v1")),
        ])
        secret.resourcePolicy = #"{"Statement": []}"#
        secret.replication = .primary([
            ReplicaRecord(region: known(RegionName("us-east-1")), kmsKeyID: "alias/us", status: .inSync),
            ReplicaRecord(region: known(RegionName("ap-south-1")), kmsKeyID: nil, status: .failed("the name is taken")),
        ])
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
