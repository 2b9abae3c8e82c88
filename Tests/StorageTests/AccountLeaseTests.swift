import RotationModel
import SecretModel
import Testing

@testable import Storage

/// I7 in the store: what is leased, or was when it ended, keeps every other run of its account waiting.
@Suite struct AccountLeaseTests {
    typealias Fixture = StoreFixture
    private let now = StoreFixture.start

    private func claim(
        _ fixture: StoreFixture,
        by owner: String = "w1",
        after delay: Duration = .zero,
        exceptOf atWork: [SecretARN] = []
    ) async throws -> [RunID] {
        let time = self.now + delay
        return try await fixture.store.write { store in
            let isAny = try store.hasClaimableRuns(at: time, lease: .seconds(30), exceptOf: atWork)
            let claimed = try store.claimRuns(
                at: time,
                owner: owner,
                leaseUntil: time + .seconds(30),
                limit: 9,
                perTarget: 9,
                exceptOf: atWork
            )
            #expect(isAny == !claimed.runs.isEmpty, "what cannot be claimed must not be looked at each second")
            return claimed.runs.map(\.id)
        }
    }

    /// A run of "a" that was cancelled while `w1` held it; then runs of the same secret, of the next owner of its account, and of another.
    private func cancelled(_ driver: TestedDriver) async throws -> (StoreFixture, old: RunID, next: RunID, heir: RunID) {
        let fixture = try await StoreFixture.holding([Fixture.rotating("a"), Fixture.rotating("other")], in: driver)
        let (old, now) = (Fixture.run(of: "a", at: self.now), self.now)
        try await fixture.store.write { try $0.insert(old) }
        #expect(try await self.claim(fixture) == [old.id])
        let (next, heir) = (Fixture.run(of: "a", token: "next", at: now), Fixture.run(of: "heir", at: now, account: "a"))
        try await fixture.store.write { store in
            var ended = old
            (ended.state, ended.nextAttemptAt) = (.cancelled, nil)
            try store.updateTakingOver(ended)
            var (last, first) = (try #require(try store.secret(old.id.secret)), Fixture.rotating("heir"))
            last.rotation?.isEnabled = false
            first.rotation?.account = last.rotation?.account
            try store.update(last)
            try store.insert(first)
            for run in [next, heir, Fixture.run(of: "other", at: now)] { try store.insert(run) }
        }
        return (fixture, old.id, next.id, heir.id)
    }

    @Test(arguments: TestedDriver.allCases)
    func `I7 a run that was ended while it was held keeps its account until its worker gives it up`(driver: TestedDriver) async throws {
        let (fixture, old, next, heir) = try await self.cancelled(driver)
        #expect(try await self.claim(fixture, by: "w2").map(\.secret) == [Fixture.arn("other")])
        try await fixture.store.write { try $0.endHold(of: old, madeOf: Lease(owner: "w2", term: 1, expires: self.now)) }
        #expect(try await self.claim(fixture, by: "w2") == [], "nobody else can give it up")
        try await fixture.store.write { try $0.endHold(of: old, madeOf: Lease(owner: "w1", term: 1, expires: self.now)) }
        let claimed = try await self.claim(fixture, by: "w2")
        #expect(claimed == [next] || claimed == [heir], "one look claims one run of an account, though several are due")
    }

    @Test(arguments: TestedDriver.allCases)
    func `I7 or until its lease has run out`(driver: TestedDriver) async throws {
        let (fixture, _, next, heir) = try await self.cancelled(driver)
        _ = try await self.claim(fixture, by: "w2")
        #expect(try await self.claim(fixture, by: "w2", after: .seconds(29)) == [])
        let claimed = try await self.claim(fixture, by: "w2", after: .seconds(30))
        #expect(claimed.contains(next) != claimed.contains(heir))
    }

    /// Ways in which a lease ends though its worker may have asked something that is still to come.
    enum EarlyEnd: CaseIterable { case deletion, startOfADaemon, putOff }

    @Test(arguments: TestedDriver.allCases, EarlyEnd.allCases)
    func `I7 what becomes of a run meanwhile gives its account to nobody else`(driver: TestedDriver, end: EarlyEnd) async throws {
        let fixture = try await StoreFixture.holding([Fixture.rotating("a")], in: driver)
        let (run, now) = (Fixture.run(of: "a", at: self.now), self.now)
        try await fixture.store.write { try $0.insert(run) }
        #expect(try await self.claim(fixture) == [run.id])
        try await fixture.store.write { store in
            let lease = try #require(try store.run(run.id)?.lease)
            switch end {
            case .deletion: try store.delete(run.id.secret)
            case .startOfADaemon: try store.releaseAllLeases(at: now)
            case .putOff:
                try store.hold(run.id, under: lease, until: lease.expires, at: now)
                try store.putOff(run.id, under: lease, until: now + .seconds(5))
            }
            var heir = Fixture.rotating("heir")
            if end != .deletion {
                var last = try #require(try store.secret(run.id.secret))
                last.rotation?.isEnabled = false
                try store.update(last)
            }
            heir.rotation?.account = Fixture.rotating("a").rotation?.account
            try store.insert(heir)
            try store.insert(Fixture.run(of: "heir", at: now, account: "a"))
        }
        #expect(try await self.claim(fixture, after: .seconds(1)) == (end == .startOfADaemon ? [run.id] : []))
        let later = try await self.claim(fixture, after: .seconds(29))
        #expect(later == (end == .putOff ? [run.id] : []), "the run itself goes on when its time comes")
        guard end == .deletion else { return }
        #expect(try await self.claim(fixture, after: .seconds(30)).map(\.secret) == [Fixture.arn("heir")])
    }

    @Test("I7 the runs of secrets at work are left out, whatever the wall clock says", arguments: [Duration.hours(1), .hours(-1)])
    func namedSecrets(error: Duration) async throws {
        let fixture = try await StoreFixture.holding([Fixture.rotating("a"), Fixture.rotating("b")], in: .memory)
        try await fixture.store.write { store in
            for name in ["a", "b"] { try store.insert(Fixture.run(of: name)) }
        }
        #expect(try await self.claim(fixture).count == 2)
        #expect(try await self.claim(fixture, after: error, exceptOf: [Fixture.arn("a"), Fixture.arn("b")]) == [])
        #expect(try await self.claim(fixture, after: error, exceptOf: [Fixture.arn("a")]).map(\.secret) == [Fixture.arn("b")])
    }
}
