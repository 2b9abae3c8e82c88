import RotationModel
import SecretModel
import Testing

@testable import Storage

@Suite struct ScheduleStatementTests {
    typealias Fixture = StoreFixture
    private let now = StoreFixture.start

    private func names(_ secrets: [SecretARN]) -> [String] { secrets.map(\.name.description) }

    /// One secret per reason to be due or not, in no order of due time.
    private func secrets() -> [SecretRecord] {
        let due = Fixture.rotating("due", dueAt: self.now)
        let older = Fixture.rotating("older", dueAt: self.now - .days(3))
        let later = Fixture.rotating("later", dueAt: self.now + .seconds(1))
        let unplanned = Fixture.rotating("unplanned", dueAt: nil)
        let busy = Fixture.rotating("busy", dueAt: self.now - .days(9))
        var disabled = Fixture.rotating("disabled", dueAt: self.now - .days(9))
        disabled.rotation?.isEnabled = false
        var deleted = Fixture.rotating("deleted", dueAt: self.now - .days(9))
        deleted.deletedAt = self.now
        return [due, later, older, unplanned, busy, disabled, deleted, Fixture.secret("plain")]
    }

    @Test(arguments: TestedDriver.allCases)
    func onlyEnabledIdleSecretsWhoseTimeHasComeAreDue(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture.holding(self.secrets(), in: driver)
        try await fixture.store.write { try $0.insert(Fixture.run(of: "busy")) }
        let now = self.now
        #expect(
            self.names(try await fixture.store.read { try $0.dueSecrets(at: now, limit: 10, backlog: 9).map(\.arn) }) == ["older", "due"]
        )
        #expect(self.names(try await fixture.store.read { try $0.dueSecrets(at: now, limit: 1, backlog: 9).map(\.arn) }) == ["older"])
        let later = self.now + .days(1)
        #expect(
            self.names(try await fixture.store.read { try $0.dueSecrets(at: later, limit: 10, backlog: 9).map(\.arn) }) == [
                "older", "due", "later",
            ]
        )
    }

    @Test(arguments: TestedDriver.allCases)
    func `I10 a target with enough to do keeps its own due secrets waiting, not those of others`(driver: TestedDriver) async throws {
        let secrets = ["a1", "a2", "a3", "b1"].map { name in
            Fixture.rotating(name, dueAt: self.now - .days(1), target: name.hasPrefix("a") ? "a" : "b")
        }
        let fixture = try await StoreFixture.holding(secrets, in: driver)
        func due(_ backlog: Int) async throws -> [String] {
            let now = self.now
            return self.names(try await fixture.store.read { try $0.dueSecrets(at: now, limit: 9, backlog: backlog).map(\.arn) })
        }
        #expect(try await due(1) == ["a1", "a2", "a3", "b1"])
        var run = Fixture.run(of: "a1", target: "a")
        let ready = run
        try await fixture.store.write { try $0.insert(ready) }
        #expect(try await due(1) == ["b1"])
        #expect(try await due(2) == ["a2", "a3", "b1"])
        // A run that waits for a later time leaves its target free.
        run.nextAttemptAt = self.now + .hours(1)
        let waiting = run
        try await fixture.store.write { try $0.updateTakingOver(waiting) }
        #expect(try await due(1) == ["a2", "a3", "b1"])
        let later = self.now + .days(1)
        try await fixture.store.write { try $0.putOffRotation(of: Fixture.arn("a2"), until: later) }
        #expect(try await due(1) == ["a3", "b1"])
    }

    @Test(arguments: TestedDriver.allCases)
    func `I10 a damaged row hides no other from the schedule`(driver: TestedDriver) async throws {
        var secrets = ["a", "b"].map { Fixture.rotating($0, dueAt: self.now - .days(1)) }
        for index in secrets.indices {
            secrets[index].rotation?.nextWindow = RotationWindow(start: self.now - .days(2), end: self.now - .days(1))
        }
        let fixture = try await StoreFixture.holding(secrets, in: driver)
        try await fixture.store.write { store in
            try store.sql.execute("UPDATE secrets SET settings = 'x', tags = 'x', rotator = '?' WHERE arn = ?", Fixture.arn("a"))
        }
        await #expect(throws: StoreError.self) { try await fixture.store.read { try $0.secret(Fixture.arn("a")) } }
        let (due, overdue) = try await fixture.store.read { [now] in
            (try $0.dueSecrets(at: now, limit: 9, backlog: 9), try $0.overdueSecrets(before: now))
        }
        #expect(self.names(due.map(\.arn)) == ["a", "b"])
        #expect(due.map(\.rotator) == [nil, known(RotatorName("postgres-single-user"))])
        #expect(self.names(overdue) == ["a", "b"])
    }

    @Test(arguments: TestedDriver.allCases)
    func `I5 a restart makes nothing due and moves no date`(driver: TestedDriver) async throws {
        var fixture = try await StoreFixture.holding(self.secrets(), in: driver)
        try await fixture.store.write { try $0.insert(Fixture.run(of: "busy")) }
        let scope = Fixture.scope
        let before = try await fixture.store.read { try $0.secrets(in: scope, includingDeleted: true) }
        let (due, runs) = try await fixture.store.read { [now] in (try $0.dueSecrets(at: now, limit: 99, backlog: 9), try $0.liveRuns()) }
        for _ in 0..<3 {
            fixture = try await fixture.reopened()
            #expect(try await fixture.store.read { try $0.secrets(in: scope, includingDeleted: true) } == before)
            let dueAgain = try await fixture.store.read { try $0.dueSecrets(at: Fixture.start, limit: 99, backlog: 9) }
            #expect(dueAgain == due)
            #expect(try await fixture.store.read { try $0.liveRuns() } == runs)
        }
    }

    @Test(arguments: TestedDriver.allCases)
    func `I11 overdue is read from the store whoever should have rotated`(driver: TestedDriver) async throws {
        var secrets = self.secrets()
        for index in secrets.indices {
            secrets[index].rotation?.nextWindow = RotationWindow(start: self.now - .days(2), end: self.now - .hours(Int64(index)))
        }
        let fixture = try await StoreFixture.holding(secrets, in: driver)
        try await fixture.store.write { try $0.insert(Fixture.run(of: "busy")) }
        let limit = self.now - .hours(1)
        #expect(self.names(try await fixture.store.read { try $0.overdueSecrets(before: limit) }) == ["busy", "unplanned", "older"])
    }

    @Test(arguments: TestedDriver.allCases)
    func `I7 an account on a target has one owner`(driver: TestedDriver) async throws {
        let owner = Fixture.rotating("app")
        let fixture = try await StoreFixture.holding([owner], in: driver)
        var second = Fixture.rotating("second")
        second.rotation?.account = "app"
        let rival = second
        await #expect(throws: StoreError.accountOwned(by: owner.arn)) { try await fixture.store.write { try $0.insert(rival) } }

        second.rotation?.isEnabled = false
        let idle = second
        try await fixture.store.write { try $0.insert(idle) }
        await #expect(throws: StoreError.accountOwned(by: owner.arn)) { try await fixture.store.write { try $0.update(rival) } }
        #expect(try await fixture.store.read { try $0.owner(ofAccount: "app", onTarget: "postgres://db:5432") } == owner.arn)
        #expect(try await fixture.store.read { try $0.owner(ofAccount: "app", onTarget: "postgres://db:5433") } == nil)

        // The owner may be saved again, and hand the account on by being deleted.
        var leaving = owner
        leaving.deletedAt = self.now
        let left = leaving
        try await fixture.store.write { store in
            try store.update(try store.update(owner))
            var saved = left
            saved.revision = 2
            try store.update(saved)
            try store.update(rival)
        }
        #expect(try await fixture.store.read { try $0.owner(ofAccount: "app", onTarget: "postgres://db:5432") } == rival.arn)
    }

    @Test(arguments: TestedDriver.allCases)
    func groupsAndAdministratorsAreFound(driver: TestedDriver) async throws {
        var secrets = ["b", "a", "c"].map { Fixture.rotating($0) }
        for index in secrets.indices {
            secrets[index].rotation?.admin = Fixture.arn("admin")
            let group = index < 2 ? "pair" : "other"
            secrets[index].rotation?.rules = RotationRules(
                frequency: .days(30),
                stagger: .init(group: group, minimumGap: .hours(2))
            )
        }
        secrets[2].rotation?.admin = nil
        let fixture = try await StoreFixture.holding(secrets, in: driver)
        let scope = Fixture.scope
        #expect(self.names(try await fixture.store.read { try $0.staggerGroup("pair", in: scope).map(\.arn) }) == ["b", "a"])
        #expect(try await fixture.store.read { try $0.staggerGroup("none", in: scope) }.isEmpty)
        let administered = try await fixture.store.read { try $0.secrets(administeredBy: Fixture.arn("admin")) }
        #expect(administered == [Fixture.arn("a"), Fixture.arn("b")])
    }

    @Test(arguments: TestedDriver.allCases)
    func theAlarmRingsForTheNextThingThatCanBeDone(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        func wake() async throws -> Timestamp? { try await fixture.store.read { try $0.nextWakeUp() } }
        #expect(try await wake() == nil)

        let now = self.now
        try await fixture.store.write { try $0.insert(Fixture.rotating("a", dueAt: now + .hours(5))) }
        #expect(try await wake() == now + .hours(5))

        // A run replaces its secret's due time; its lease ends before anyone else may take it.
        try await fixture.store.write { try $0.insert(Fixture.run(of: "a", at: now + .hours(1))) }
        #expect(try await wake() == now + .hours(1))
        let claimed = try await fixture.store.write {
            try $0.claimRuns(at: now + .hours(1), owner: "w", leaseUntil: now + .hours(2), limit: 1, perTarget: 1).runs
        }
        #expect(try await wake() == now + .hours(2))

        var run = try #require(claimed.first)
        let lease = try #require(run.lease)
        run.lease = nil
        run.state = .waiting
        run.nextAttemptAt = now + .hours(3)
        let waiting = run
        try await fixture.store.write { try $0.update(waiting, under: lease) }
        #expect(try await wake() == now + .hours(3))

        run.state = .parked
        let parked = run
        try await fixture.store.write { try $0.updateTakingOver(parked) }
        #expect(try await wake() == nil)

        run.state = .abandoned
        let ended = run
        try await fixture.store.write { try $0.updateTakingOver(ended) }
        #expect(try await wake() == now + .hours(5))
    }
}
