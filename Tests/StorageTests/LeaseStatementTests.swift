import RotationModel
import SecretModel
import Testing

@testable import Storage

@Suite struct LeaseStatementTests {
    typealias Fixture = StoreFixture
    private let now = StoreFixture.start

    /// A store with one run per name and target, due a microsecond after the one before.
    private func fixture(_ runs: [(name: String, target: String)], _ driver: TestedDriver) async throws -> StoreFixture {
        let fixture = try await StoreFixture.holding(runs.map { Fixture.rotating($0.name, target: $0.target) }, in: driver)
        let records = runs.enumerated().map { index, run in
            Fixture.run(of: run.name, at: self.now - .microseconds(Int64(runs.count - index)), target: run.target)
        }
        try await fixture.store.write { store in
            for record in records { try store.insert(record) }
        }
        return fixture
    }

    private func claim(
        _ fixture: StoreFixture,
        by owner: String = "w1",
        at time: Timestamp = Fixture.start,
        limit: Int = 100,
        perTarget: Int = 100
    ) async throws -> [RunRecord] {
        try await fixture.store.write {
            try $0.claimRuns(at: time, owner: owner, leaseUntil: time + .seconds(30), limit: limit, perTarget: perTarget).runs
        }
    }

    private func names(_ runs: [RunRecord]) -> [String] { runs.map(\.id.secret.name.description) }

    @Test(arguments: TestedDriver.allCases)
    func aClaimTakesTheOldestFirstAndNothingTwice(driver: TestedDriver) async throws {
        let fixture = try await self.fixture([("b", "t"), ("a", "t"), ("c", "t")], driver)
        let first = try await self.claim(fixture, limit: 2)
        #expect(self.names(first) == ["b", "a"])
        #expect(first.first?.lease == Lease(owner: "w1", term: 1, expires: self.now + .seconds(30)))
        #expect(self.names(try await self.claim(fixture, by: "w2")) == ["c"])
        #expect(try await self.claim(fixture, by: "w3").isEmpty)
    }

    @Test(arguments: TestedDriver.allCases)
    func onlyRunsThatMayBeTriedAreClaimed(driver: TestedDriver) async throws {
        let fixture = try await self.fixture(RunState.allCases.map { ($0.rawValue, "t") } + [("later", "t"), ("never", "t")], driver)
        let now = self.now
        for state in RunState.allCases {
            try await fixture.store.write { store in
                var run = try #require(try store.unfinishedRun(of: Fixture.arn(state.rawValue)))
                run.state = state
                try store.updateTakingOver(run)
            }
        }
        try await fixture.store.write { store in
            for (name, time) in [("later", now + .microseconds(1)), ("never", nil)] {
                var run = try #require(try store.unfinishedRun(of: Fixture.arn(name)))
                run.nextAttemptAt = time
                try store.updateTakingOver(run)
            }
        }
        let claimed = try await self.claim(fixture)
        let expected: [RunState] = [.preparing, .setting, .testing, .promoting, .retiring, .waiting, .failed]
        #expect(Set(self.names(claimed)) == Set(expected.map(\.rawValue)))
        #expect(self.names(try await self.claim(fixture, at: now + .microseconds(1))) == ["later"])
    }

    @Test(arguments: TestedDriver.allCases)
    func `I10 a target has no more leased runs than allowed`(driver: TestedDriver) async throws {
        let fixture = try await self.fixture([("a", "t"), ("b", "t"), ("c", "t"), ("d", "t"), ("e", "u"), ("f", "u")], driver)
        let first = try await self.claim(fixture, perTarget: 2)
        #expect(self.names(first) == ["a", "b", "e", "f"])
        #expect(try await self.claim(fixture, by: "w2", perTarget: 2).isEmpty)

        // One place is free when a run ends; all are when the leases run out.
        var ended = try #require(first.first)
        let lease = try #require(ended.lease)
        ended.lease = nil
        ended.state = .succeeded
        let saved = ended
        try await fixture.store.write { try $0.update(saved, under: lease) }
        #expect(self.names(try await self.claim(fixture, by: "w2", perTarget: 2)) == ["c"])
        let later = try await self.claim(fixture, by: "w3", at: self.now + .minutes(1), perTarget: 2)
        #expect(self.names(later) == ["b", "c", "e", "f"])
    }

    @Test(arguments: TestedDriver.allCases)
    func `I7 whoever lost the lease can commit nothing`(driver: TestedDriver) async throws {
        let fixture = try await self.fixture([("a", "t")], driver)
        var run = try #require(try await self.claim(fixture).first)
        let lost = try #require(run.lease)
        let taken = try #require(try await self.claim(fixture, by: "w2", at: self.now + .minutes(1)).first?.lease)
        #expect(taken.term == 2)

        run.state = .setting
        let late = run
        let refusal = StoreError.leaseLost(run.id.secret, run.id.token)
        for lease in [lost, Lease(owner: "w1", term: 2, expires: lost.expires), Lease(owner: "w2", term: 1, expires: taken.expires)] {
            await #expect(throws: refusal) {
                try await fixture.store.write { store in
                    // Rolled back with the rest: the worker touches nothing of the store.
                    try store.insert(Fixture.secret("trace"))
                    try store.update(late, under: lease)
                }
            }
            await #expect(throws: refusal) { try await fixture.store.write { try $0.renew(lease, of: late.id, until: self.now) } }
        }
        #expect(try await fixture.store.read { try $0.run(late.id)?.state } == .preparing)
        #expect(try await fixture.store.read { try $0.secret(Fixture.arn("trace")) } == nil)
        try await fixture.store.write { try $0.update(late, under: taken) }
        #expect(try await fixture.store.read { try $0.run(late.id)?.state } == .setting)
    }

    @Test(arguments: TestedDriver.allCases)
    func `I7 terms only rise, whatever ends a lease`(driver: TestedDriver) async throws {
        var fixture = try await self.fixture([("a", "t")], driver)
        let id = Fixture.run(of: "a").id
        var terms: [Int64] = []
        func claimed() async throws -> RunRecord {
            let run = try #require(try await self.claim(fixture, at: self.now + .hours(Int64(terms.count))).first)
            terms.append(try #require(run.lease).term)
            return run
        }
        // Ended by the worker itself.
        var run = try await claimed()
        let lease = try #require(run.lease)
        run.lease = nil
        let released = run
        try await fixture.store.write { try $0.update(released, under: lease) }
        #expect(try await fixture.store.read { try $0.run(id)?.lease } == nil)
        // By expiry, by the start of a daemon, and by a person.
        _ = try await claimed()
        _ = try await claimed()
        try await fixture.store.write { try $0.releaseAllLeases(at: Fixture.start) }
        #expect(try await fixture.store.read { try $0.run(id)?.lease } == nil)
        let held = try await claimed()
        try await fixture.store.write { try $0.updateTakingOver(held) }
        await #expect(throws: StoreError.leaseLost(id.secret, id.token)) {
            try await fixture.store.write { try $0.update(held, under: try #require(held.lease)) }
        }
        fixture = try await fixture.reopened()
        _ = try await claimed()
        #expect(terms == terms.sorted() && Set(terms).count == 5)
        #expect(terms.last == 6)
    }

    @Test(arguments: TestedDriver.allCases)
    func `I10 a run whose row is damaged is told apart and stands in nobody's way`(driver: TestedDriver) async throws {
        let fixture = try await self.fixture([("a", "t"), ("b", "t"), ("c", "t")], driver)
        try await fixture.store.write { try $0.sql.execute("UPDATE runs SET candidates = 'x' WHERE secret = ?", Fixture.arn("a")) }
        let (now, arn) = (self.now, Fixture.arn("a"))
        #expect(try await fixture.store.read { try $0.hasClaimableRuns(at: now, lease: .seconds(30)) })
        let claimed = try await fixture.store.write {
            try $0.claimRuns(at: now, owner: "w", leaseUntil: now + .seconds(30), limit: 9, perTarget: 9)
        }
        #expect(self.names(claimed.runs) == ["b", "c"])
        #expect(claimed.damaged.map(\.secret) == [arn])
        #expect(try await !fixture.store.read { try $0.hasClaimableRuns(at: now, lease: .seconds(30)) })
        // With one run per target it would keep the place of the others for ever.
        let later = self.now + .minutes(30)
        #expect(self.names(try await self.claim(fixture, at: later, perTarget: 1)) == ["b"])
    }

    @Test(arguments: TestedDriver.allCases)
    func aRunThatIsPutOffIsClaimedAgainAtItsTimeAndNotBefore(driver: TestedDriver) async throws {
        let fixture = try await self.fixture([("a", "t")], driver)
        let run = try #require(try await self.claim(fixture).first)
        let (lease, later) = (try #require(run.lease), self.now + .minutes(5))
        let stale = Lease(owner: lease.owner, term: lease.term - 1, expires: lease.expires)
        await #expect(throws: StoreError.leaseLost(run.id.secret, run.id.token)) {
            try await fixture.store.write { try $0.putOff(run.id, under: stale, until: later) }
        }
        try await fixture.store.write { try $0.putOff(run.id, under: lease, until: later) }
        #expect(try await self.claim(fixture, at: later - .seconds(1)).isEmpty)
        #expect(try await self.claim(fixture, at: later).first?.lease?.term == lease.term + 1)
    }

    @Test(arguments: TestedDriver.allCases)
    func aRenewedLeaseHoldsLongerAndIsNotShortenedByAnOlderRecord(driver: TestedDriver) async throws {
        let fixture = try await self.fixture([("a", "t")], driver)
        let run = try #require(try await self.claim(fixture).first)
        let lease = try #require(run.lease)
        let until = self.now + .minutes(10)
        let renewed = try await fixture.store.write { try $0.renew(lease, of: run.id, until: until) }
        #expect(renewed == Lease(owner: "w1", term: 1, expires: until))
        try await fixture.store.write { try $0.update(run, under: lease) }
        #expect(try await fixture.store.read { try $0.run(run.id)?.lease } == renewed)
        #expect(try await self.claim(fixture, by: "w2", at: self.now + .minutes(9)).isEmpty)
    }

    @Test(arguments: TestedDriver.allCases)
    func `I7 of many workers that claim at once each run goes to one`(driver: TestedDriver) async throws {
        let fixture = try await self.fixture((0..<40).map { ("s\($0)", "t\($0 % 4)") }, driver)
        let claims = try await withThrowingTaskGroup(of: [RunRecord].self) { group in
            for worker in 0..<16 {
                group.addTask { try await self.claim(fixture, by: "w\(worker)", limit: 5, perTarget: 8) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claims.count == 32)
        #expect(Set(claims.map(\.id)).count == 32)
        #expect(Dictionary(grouping: claims, by: \.target).values.allSatisfy { $0.count == 8 })
    }
}
