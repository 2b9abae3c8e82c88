import Encryption
import RotationModel
import SecretModel
import Testing

@testable import Storage

@Suite struct VersionStatementTests {
    typealias Fixture = StoreFixture
    private let arn = StoreFixture.arn("db/app")

    private func empty(_ name: String, at time: Timestamp = Fixture.start) -> VersionRecord {
        VersionRecord(secret: self.arn, id: Fixture.version(name), value: nil, createdAt: time)
    }

    @Test(arguments: TestedDriver.allCases)
    func aRegisteredVersionIsFilledLater(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("db/app")], in: driver)
        var version = self.empty("v1")
        let registered = version
        try await fixture.store.write { try $0.insert(registered) }
        #expect(try await fixture.store.read { try $0.version(registered.id, of: registered.secret) } == registered)

        version.value = Fixture.sealed("\u{0}any bytes\u{ff}")
        let filled = version
        try await fixture.store.write { try $0.update(filled) }
        #expect(try await fixture.store.read { try $0.version(filled.id, of: filled.secret) } == filled)
    }

    @Test(arguments: TestedDriver.allCases)
    func versionsKeepTheirOrderWhenTheClockDoesNot(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("db/app")], in: driver)
        let versions = [self.empty("z"), self.empty("a"), self.empty("m", at: Fixture.start - .days(9))]
        try await fixture.store.write { store in
            for version in versions { try store.insert(version) }
        }
        let found = try await fixture.store.read { try $0.versions(of: Fixture.arn("db/app")) }
        #expect(found == versions)
    }

    @Test(arguments: TestedDriver.allCases)
    func aVersionIsMadeOnceAndOnlyForASecret(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding([Fixture.secret("db/app")], in: driver)
        let version = self.empty("v1")
        try await fixture.store.write { try $0.insert(version) }
        let homeless = VersionRecord(secret: Fixture.arn("nobody"), id: version.id, value: nil, createdAt: Fixture.start)
        for refused in [version, homeless] {
            await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.insert(refused) } }
        }
        let missing = self.empty("v2")
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.update(missing) } }
    }

    @Test(arguments: TestedDriver.allCases)
    func aLabelNeverStandsOnAVersionThatIsNotThere(driver: TestedDriver) async throws {
        var secret = Fixture.secret("db/app")
        secret.labels.attach(.current, to: Fixture.version("v1"))
        let (labelled, version) = (secret, self.empty("v1"))
        let fixture = try await StoreFixture(driver)
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.insert(labelled) } }

        // In one transaction the order does not matter.
        try await fixture.store.write { store in
            try store.insert(labelled)
            try store.insert(version)
        }
        await #expect(throws: StoreError.self) {
            try await fixture.store.write { try $0.deleteVersion(version.id, of: version.secret) }
        }
        #expect(try await fixture.store.read { try $0.version(version.id, of: version.secret) } == version)

        secret.labels = VersionLabels()
        let bare = secret
        try await fixture.store.write { store in
            try store.deleteVersion(version.id, of: version.secret)
            try store.update(bare)
        }
        #expect(try await fixture.store.read { try $0.secret(bare.arn)?.labels.count } == 0)
    }

    @Test(arguments: TestedDriver.allCases)
    func aSecretGoesWithAllThatIsItsOwn(driver: TestedDriver) async throws {
        var secret = Fixture.secret("db/app")
        secret.labels.attach(.current, to: Fixture.version("v1"))
        let (labelled, version) = (secret, self.empty("v1"))
        let fixture = try await StoreFixture.holding([Fixture.secret("other")], in: driver)
        let run = Fixture.run(of: "db/app")
        let step = StepRecord(
            run: run.id,
            sequence: 1,
            name: "setSecret",
            attempt: 1,
            startedAt: Fixture.start,
            finishedAt: Fixture.start,
            failure: nil,
            message: nil
        )
        try await fixture.store.write { store in
            try store.insert(labelled)
            try store.insert(version)
            try store.insert(run)
            try store.append(step)
        }
        try await fixture.store.write { try $0.delete(labelled.arn) }
        #expect(try await fixture.store.read { try $0.versions(of: labelled.arn) }.isEmpty)
        #expect(try await fixture.store.read { try $0.runs(of: labelled.arn, limit: 10) }.isEmpty)
        #expect(try await fixture.store.read { try $0.steps(of: run.id) }.isEmpty)
        #expect(try await fixture.store.read { try $0.secret(Fixture.arn("other")) } != nil)
    }

    @Test(arguments: TestedDriver.allCases)
    func purgeSparesLabelsYouthNewestAndCandidates(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var secret = Fixture.secret("db/app")
        secret.labels = VersionLabels([(.current, Fixture.version("v1"))])
        let labelled = secret
        // Oldest first: v0…v6 are old, v7…v9 young; v2 and v3 are candidates of the live run.
        let versions = (0..<10).map { self.empty("v\($0)", at: $0 < 7 ? Fixture.start : Fixture.start + .days(2)) }
        var run = Fixture.run(of: "db/app", token: "v2")
        run.state = .retiring
        run.replaced = Fixture.version("v3")
        let live = run
        try await fixture.store.write { store in
            try store.insert(labelled)
            for version in versions { try store.insert(version) }
            try store.insert(live)
        }
        let deleted = try await fixture.store.write { [arn] in try $0.purgeVersions(of: arn, before: Fixture.start + .days(1), keeping: 4) }
        let left = try await fixture.store.read { [arn] in try $0.versions(of: arn).map(\.id) }
        #expect(deleted.count == 3 && Set(deleted).isDisjoint(with: left))
        #expect(left == [1, 2, 3, 6, 7, 8, 9].map { Fixture.version("v\($0)") })
    }

    /// A value needs its key where a label stands on it, or where it may be the live credential: whatever key the secret names.
    @Test(arguments: TestedDriver.allCases)
    func i1AKeyIsNeededByLabelsAndByWhatRunsMayHaveSet(driver: TestedDriver) async throws {
        let names = ["labelled", "loose", "live", "replaced", "cancelled", "settled", "deleted"]
        let fixture = try await StoreFixture.holding(names.map { Fixture.secret($0) }, in: driver)
        try await fixture.store.write { store in
            for name in names {
                let value = Fixture.sealed(name)
                try store.insert(VersionRecord(secret: Fixture.arn(name), id: Fixture.version("v"), value: value, createdAt: Fixture.start))
            }
            for name in ["labelled", "deleted"] {
                var secret = try #require(try store.secret(Fixture.arn(name)))
                secret.labels.attach(.previous, to: Fixture.version("v"))
                secret.deletedAt = name == "deleted" ? Fixture.start : nil
                try store.update(secret)
            }
            try store.insert(Fixture.run(of: "live", token: "v"))
            var run = Fixture.run(of: "replaced", token: "run")
            (run.state, run.replaced) = (.retiring, Fixture.version("v"))
            try store.insert(run)
            for name in ["cancelled", "settled"] {
                run = Fixture.run(of: name, token: "v")
                (run.state, run.isTargetTouched) = (.cancelled, true)
                try store.insert(run)
            }
            run = Fixture.run(of: "settled", token: "run")
            run.state = .succeeded
            try store.insert(run)
        }
        try await fixture.store.read { (store: StoreReader) throws -> Void in
            func needing(_ includingDeleted: Bool) throws -> [String] {
                let found = try store.secrets(under: KeyID("key-1"), includingDeleted: includingDeleted, naming: 10)
                #expect(found.count == found.first.count)
                return found.first.map(\.name.description)
            }
            #expect(try needing(false) == ["cancelled", "labelled", "live", "replaced"])
            #expect(try needing(true) == ["cancelled", "deleted", "labelled", "live", "replaced"])
            #expect(try store.secrets(under: KeyID("key-1"), includingDeleted: true, naming: 2).count == 5)
            #expect(try !store.hasSecrets(under: KeyID("key-2"), includingDeleted: true))
            #expect(try store.versionsOfUnsettledRuns(of: Fixture.arn("replaced")) == [Fixture.version("v"), Fixture.version("run")])
            #expect(try store.versionsOfUnsettledRuns(of: Fixture.arn("cancelled")) == [Fixture.version("v")])
            #expect(try store.versionsOfUnsettledRuns(of: Fixture.arn("settled")).isEmpty)
        }
        let onlyDeleted = names.filter { $0 != "deleted" }
        try await fixture.store.write { store in
            for name in onlyDeleted { try store.delete(Fixture.arn(name)) }
        }
        #expect(try await fixture.store.read { try $0.hasSecrets(under: KeyID("key-1"), includingDeleted: true) })
        #expect(try await fixture.store.read { try !$0.hasSecrets(under: KeyID("key-1"), includingDeleted: false) })
    }

    /// No label stands on the value of a cancelled run, and no live run needs it: it may be the live one all the same.
    @Test(arguments: TestedDriver.allCases)
    func i1PurgeSparesWhatACancelledRunMayHaveSet(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var secret = Fixture.secret("db/app")
        secret.labels = VersionLabels([(.current, Fixture.version("v3"))])
        let labelled = secret
        let versions = (0..<4).map { self.empty("v\($0)", at: Fixture.start) }
        func ended(_ token: String, _ state: RunState, isTargetTouched: Bool) -> RunRecord {
            var run = Fixture.run(of: "db/app", token: token)
            run.state = state
            run.isTargetTouched = isTargetTouched
            return run
        }
        let runs = [
            ended("v0", .abandoned, isTargetTouched: false), ended("v1", .abandoned, isTargetTouched: true),
            ended("v2", .cancelled, isTargetTouched: true),
        ]
        try await fixture.store.write { store in
            try store.insert(labelled)
            for version in versions { try store.insert(version) }
            for run in runs { try store.insert(run) }
        }
        func purge() async throws -> [VersionID] {
            try await fixture.store.write { [arn] in try $0.purgeVersions(of: arn, before: Fixture.start + .days(1), keeping: 1) }
            return try await fixture.store.read { [arn] in try $0.versions(of: arn).map(\.id) }
        }
        #expect(try await purge() == [1, 2, 3].map { Fixture.version("v\($0)") })
        try await fixture.store.write { [arn] in try $0.trimRuns(of: arn, keeping: 0) }
        let kept = try await fixture.store.read { [arn] in try $0.runs(of: arn, limit: 10).map(\.id.token) }
        #expect(kept == [Fixture.version("v2"), Fixture.version("v1")], "the history that says so is kept too")
        let success = ended("v3", .succeeded, isTargetTouched: true)
        try await fixture.store.write { try $0.insert(success) }
        #expect(try await purge() == [Fixture.version("v3")])
    }
}
