import Alerting
import Encryption
import Logging
import NIOConcurrencyHelpers
import RotationEngine
import RotationModel
import SecretModel
import ServiceLifecycle
import TestSupport
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct SchedulerTests {
    /// A secret with rotation by rules, nothing started.
    private func configured(_ house: EngineHouse, _ rules: RotationRules, name: String = "app", host: String = "db") async throws
        -> SecretARN
    {
        let arn = try await house.makeSecret(name, host: host)
        try await house.configure(arn, EngineHouse.request(rules: rules))
        return arn
    }

    private func runs(_ house: EngineHouse, _ arn: SecretARN) async throws -> [RunRecord] {
        try await house.store.read { try $0.runs(of: arn, limit: 50) }
    }

    @Test("a due secret rotates inside its window, and the next date follows from that")
    func schedule() async throws {
        let house = try await EngineHouse()
        let arn = try await self.configured(house, RotationRules(frequency: .days(10)))
        let engine = house.engine()
        let dueAt = try #require(try await house.secret(arn).rotation?.dueAt)
        house.time.advance(dueAt - house.time.now - .seconds(1))
        await engine.workOnce()
        #expect(try await self.runs(house, arn).isEmpty)
        house.time.advance(.seconds(1))
        await engine.workOnce()
        let run = try #require(try await self.runs(house, arn).first)
        #expect(run.trigger == .schedule && run.state == .succeeded)
        let next = try #require(try await house.secret(arn).rotation?.nextWindow)
        #expect(next.start.rfc3339 == "2026-12-11T00:00:00Z")
    }

    @Test("I5 configuration, restart and a clock that jumps back rotate nothing that was not due")
    func noSurprise() async throws {
        let house = try await EngineHouse()
        let arn = try await self.configured(house, RotationRules(frequency: .days(10)))
        let dates = try await house.secret(arn).rotation
        for _ in 0..<3 { await (try await house.restart()).workOnce() }
        house.time.advance(.days(-400))
        await (try await house.restart()).workOnce()
        house.time.advance(.days(400))
        await house.engine().workOnce()
        // The same rules again keep the dates.
        try await house.configure(arn, EngineHouse.request(rules: RotationRules(frequency: .days(10))))
        #expect(try await house.secret(arn).rotation == dates)
        #expect(try await self.runs(house, arn).isEmpty)
        #expect(house.rotator.calls.withLockedValue { $0 }.isEmpty)
    }

    @Test("a freeze holds the schedule back, a person may still rotate")
    func freeze() async throws {
        let house = try await EngineHouse()
        let arn = try await self.configured(house, RotationRules(frequency: .days(10)))
        let dueAt = try #require(try await house.secret(arn).rotation?.dueAt)
        let frozen = RotationRules.Freeze(from: dueAt - .hours(1), until: dueAt + .hours(1), reason: "release")
        try await house.store.write { store in
            var secret = try #require(try store.secret(arn))
            secret.rotation?.rules?.freezes = [frozen]
            try store.update(secret)
        }
        house.time.advance(dueAt - house.time.now)
        let engine = house.engine()
        await engine.workOnce()
        #expect(try await self.runs(house, arn).isEmpty)
        let later = try #require(try await house.secret(arn).rotation)
        #expect(try #require(later.dueAt) >= frozen.until)
        #expect(try #require(later.dueAt) < (try #require(later.nextWindow).end))
        var request = RotationRequests.Rotate(token: EngineHouse.token())
        request.rules = nil
        try await house.rotate(arn, request)
        await engine.workOnce()
        #expect(try await house.run(arn).state == .succeeded)
    }

    @Test("what became due in a freeze does not begin all at once when it ends")
    func freezeEnd() async throws {
        let house = try await EngineHouse()
        var arns: [SecretARN] = []
        for number in 0..<20 {
            let host = "db-\(number)"
            house.rotator.targets.withLockedValue { $0[host] = FakeTarget(password: "first") }
            var rules = RotationRules(frequency: .days(1))
            rules.freezes = [.init(from: house.time.now + .hours(1), until: house.time.now + .days(9), reason: "holidays")]
            arns.append(try await self.configured(house, rules, name: "s\(number)", host: host))
        }
        // As rules that got their freeze after the dates were set.
        let dueAt = house.time.now + .days(2)
        for arn in arns {
            try await house.store.write { store in
                var secret = try #require(try store.secret(arn))
                secret.rotation?.dueAt = dueAt
                secret.rotation?.nextWindow = RotationWindow(start: dueAt, end: dueAt + .hours(24))
                try store.update(secret)
            }
        }
        house.time.advance(.days(3))
        let engine = house.engine()
        for _ in 0..<20 { await engine.workOnce() }
        var dates: [Timestamp] = []
        for arn in arns { dates.append(try #require(try await house.secret(arn).rotation?.dueAt)) }
        let end = dueAt - .days(2) + .days(9)
        #expect(dates.allSatisfy { $0 >= end && $0 <= end + .hours(8) })
        #expect(Set(dates).count > 15, "spread over the jitter, a third of the window")
        #expect(house.rotator.calls.withLockedValue { $0 }.isEmpty)
    }

    @Test("I10 a secret or a run whose row is damaged is told of and holds up no other, not even on its own target")
    func damagedRows() async throws {
        let house = try await EngineHouse()
        var arns: [SecretARN] = []
        for number in 0..<3 {
            house.rotator.targets.withLockedValue { $0["db-\(number)"] = FakeTarget(password: "first") }
            let rules = RotationRules(frequency: .days(1))
            arns.append(try await self.configured(house, rules, name: "s\(number)", host: "db-\(number)"))
        }
        let (notDue, notRead, fine) = (arns[0], arns[1], arns[2])
        try await house.rotate(notRead)
        house.time.advance(.days(3))
        try await house.store.write { store in
            try store.sql.execute("UPDATE secrets SET settings = 'x' WHERE arn = ?", notDue)
            try store.sql.execute("UPDATE runs SET candidates = 'x' WHERE secret = ?", notRead)
            // All on one target, of which the damaged ones come first.
            try store.sql.execute("UPDATE secrets SET target = 't', account = arn")
            try store.sql.execute("UPDATE runs SET target = 't'")
        }
        let engine = house.engine()
        await engine.workOnce()
        await engine.workOnce()
        #expect(try await self.runs(house, fine).map(\.state) == [.succeeded])
        #expect(try await house.events(notDue).last == "RotationPostponed")
        #expect(try await house.events(notRead).last == "RotationPostponed")
        let told = try await house.events(notDue).count
        await engine.workOnce()
        #expect(try await house.events(notDue).count == told, "once an hour, not at every look")
    }

    @Test("I10 a sick target hurts only itself, and its runs wait without burning attempts")
    func breaker() async throws {
        var house = try await EngineHouse()
        house.settings.breaker = TargetBreaker.Limits(failures: 2, firstPause: .hours(3), longestPause: .hours(3))
        let healthy = FakeTarget(password: "first")
        house.rotator.targets.withLockedValue { $0["healthy"] = healthy }
        house.target.edit { $0.isDown = true }
        let sick = try await house.makeSecret("sick")
        let fine = try await house.makeSecret("fine", host: "healthy")
        try await house.rotate(sick, EngineHouse.request(EngineHouse.token(1)))
        try await house.rotate(fine, EngineHouse.request(EngineHouse.token(2)))
        let engine = house.engine()
        await engine.workOnce()
        #expect(try await house.run(fine, EngineHouse.token(2)).state == .succeeded)
        house.time.advance(.minutes(2))
        await engine.workOnce()
        #expect(try await house.run(sick).attempt == 2)
        for _ in 0..<10 {
            house.time.advance(.minutes(10))
            await engine.workOnce()
        }
        #expect(try await house.run(sick).attempt == 2, "the breaker is open")
        house.target.edit { $0.isDown = false }
        house.time.advance(.hours(3))
        await engine.workOnce()
        #expect(try await house.run(sick).state == .succeeded)
        #expect(try await house.run(sick).attempt == 3)
    }

    @Test("I10 new runs on a silent target open its breaker, though making their values succeeds")
    func breakerOverManyRuns() async throws {
        var house = try await EngineHouse()
        house.settings.breaker = TargetBreaker.Limits(failures: 2, firstPause: .hours(3), longestPause: .hours(3))
        house.target.edit { $0.isDown = true }
        for number in 1...4 {
            let arn = try await house.makeSecret("s\(number)", username: "app\(number)")
            try await house.rotate(arn, EngineHouse.request(EngineHouse.token(number)))
        }
        let engine = house.engine()
        for _ in 0..<4 { await engine.workOnce() }
        #expect(house.rotator.calls.withLockedValue { $0.filter { $0 == "setSecret" }.count } == 2)
    }

    @Test("I10 a clock that was set back does not keep a breaker open")
    func breakerAndClock() {
        var breaker = TargetBreaker(TargetBreaker.Limits(failures: 1))
        let now = Timestamp(seconds: 1_800_000_000)
        breaker.noteSilence(at: now)
        #expect(breaker.closedFor(at: now) == now + .minutes(1))
        #expect(breaker.closedFor(at: now - .days(1)) == nil)
    }

    @Test("I10 a secret whose run cannot be started holds up no other")
    func poisonedStart() async throws {
        let house = try await EngineHouse()
        var arns: [SecretARN] = []
        for number in 0..<2 {
            let host = "db-\(number)"
            house.rotator.targets.withLockedValue { $0[host] = FakeTarget(password: "first") }
            arns.append(try await self.configured(house, RotationRules(frequency: .days(1)), name: "s\(number)", host: host))
        }
        house.time.advance(.days(3))
        // The second start draws the ids of the first: its audit record cannot be written.
        let draws = NIOLockedValueBox(0)
        let parts = EngineParts(
            store: house.store,
            keyring: house.keyring,
            alerts: AlertRecorder(sinks: []),
            rotators: ScriptedRegistry(rotators: [house.rotator]),
            time: house.time.engineTime,
            randomness: EngineRandomness {
                let count = draws.withLockedValue { count in
                    count += 1
                    return count
                }
                return count <= 8 ? 7 : .random(in: .min ... .max)
            },
            logger: house.parts.logger
        )
        await RotationScheduler(parts: parts, settings: house.settings).workOnce()
        var states: [[RunState]] = []
        for arn in arns { states.append(try await self.runs(house, arn).map(\.state)) }
        #expect(states.sorted { $0.count < $1.count } == [[], [.succeeded]])
    }

    @Test("a full disk puts nothing off: what is due starts as soon as there is room again")
    func fullDisk() async throws {
        var house = try await EngineHouse()
        // One start a transaction: some have room yet, and others have not.
        house.settings.concurrentRuns = 1
        var arns: [SecretARN] = []
        for number in 0..<30 {
            house.rotator.targets.withLockedValue { $0["db-\(number)"] = FakeTarget(password: "first") }
            let rules = RotationRules(frequency: .days(10))
            arns.append(try await self.configured(house, rules, name: "s\(number)", host: "db-\(number)"))
        }
        house.time.advance(.days(30))
        func limitPages(to count: Int) async throws {
            try await house.store.write { _ = try $0.sql.query("PRAGMA max_page_count = \(count)") }
        }
        try await limitPages(to: 1)
        let engine = house.engine()
        for _ in arns { await engine.workOnce() }
        var waiting = 0
        for arn in arns {
            if try await self.runs(house, arn).isEmpty { waiting += 1 }
            #expect(try await !house.events(arn).contains("RotationPostponed"))
        }
        #expect(waiting > 0, "the disk was not full")
        try await limitPages(to: 1_000_000)
        for _ in 0..<arns.count * 3 { await engine.workOnce() }
        house.time.advance(.minutes(30))
        for _ in 0..<arns.count * 3 { await engine.workOnce() }
        for arn in arns { #expect(try await self.runs(house, arn).map(\.state) == [.succeeded]) }
    }

    @Test("I10 one run per target at a time")
    func perTarget() async throws {
        let house = try await EngineHouse()
        let first = try await house.makeSecret("a")
        let second = try await house.makeSecret("b")
        try await house.rotate(first, EngineHouse.request(EngineHouse.token(1)))
        // The same target, another account.
        let arn = second
        let value = SecretValue(string: #"{"host":"db","username":"other","password":"first"}"#)
        let keyring = house.keyring
        try await house.store.write { store in
            let version = try #require(try store.secret(arn)?.labels.holder(of: .current))
            var record = try #require(try store.version(version, of: arn))
            record.value = try keyring.seal(value, for: .version(arn, version))
            try store.update(record)
        }
        try await house.rotate(second, EngineHouse.request(EngineHouse.token(2)))
        let (busy, most) = (NIOLockedValueBox(0), NIOLockedValueBox(0))
        house.rotator.onStep.withLockedValue { hook in
            hook = { _, _ in
                let now = busy.withLockedValue { count in
                    count += 1
                    return count
                }
                most.withLockedValue { $0 = max($0, now) }
                for _ in 0..<50 { await Task.yield() }
                busy.withLockedValue { $0 -= 1 }
            }
        }
        let engine = house.engine()
        await engine.workOnce()
        await engine.workOnce()
        #expect(most.withLockedValue { $0 } == 1)
        #expect(try await house.run(first, EngineHouse.token(1)).state == .succeeded)
    }

    @Test("B4 after a start at most the burst's number of due secrets begins in a minute")
    func startUpBurst() async throws {
        var house = try await EngineHouse()
        house.settings.startUpBurst = 2
        house.settings.concurrentRuns = 10
        var arns: [SecretARN] = []
        for number in 0..<5 {
            let host = "db-\(number)"
            house.rotator.targets.withLockedValue { $0[host] = FakeTarget(password: "first") }
            arns.append(try await self.configured(house, RotationRules(frequency: .days(1)), name: "s\(number)", host: host))
        }
        house.time.advance(.days(3))
        let engine = house.engine()
        func started() async throws -> Int {
            var count = 0
            for arn in arns where try await !self.runs(house, arn).isEmpty { count += 1 }
            return count
        }
        await engine.workOnce()
        await engine.workOnce()
        #expect(try await started() == 2)
        house.time.advance(.minutes(1))
        await engine.workOnce()
        #expect(try await started() == 4)
    }

    @Test("I11 overdue is told from the store, though no worker ever ran; once, and success ends it")
    func overdue() async throws {
        let house = try await EngineHouse()
        let arn = try await self.configured(house, RotationRules(frequency: .days(10)))
        let detector = OverdueDetector(parts: house.parts, settings: house.settings)
        let end = try #require(try await house.secret(arn).rotation?.nextWindow?.end)
        house.time.advance(end - house.time.now + .minutes(14))
        await detector.look()
        #expect(try await house.firing(arn).isEmpty)
        house.time.advance(.minutes(2))
        await detector.look()
        await detector.look()
        #expect(try await house.firing(arn) == ["SecretRotationOverdue"])
        let messages = try await house.store.read { try $0.messages(status: .waiting, limit: 10).count }
        #expect(messages == 1)
        await house.engine().workOnce()
        #expect(try await house.firing(arn).isEmpty)
    }

    @Test("I11 an overdue secret that cannot be told of keeps no other silent")
    func poisonedOverdue() async throws {
        struct RolledBack: Error {}
        let house = try await EngineHouse()
        let poisoned = try await self.configured(house, RotationRules(frequency: .days(9)), name: "a")
        house.rotator.targets.withLockedValue { $0["other"] = FakeTarget(password: "first") }
        let other = try await self.configured(house, RotationRules(frequency: .days(10)), name: "b", host: "other")
        house.time.advance(.days(20))
        let (secret, now, alerts) = (try await house.secret(poisoned), house.time.now, house.parts.alerts)
        let message = NIOLockedValueBox<String?>(nil)
        await #expect(throws: RolledBack.self) {
            try await house.store.write { store in
                try alerts.record(.overdue(nil), of: secret, at: now, in: store)
                let id = try store.messages(status: .waiting, limit: 1).first?.id
                message.withLockedValue { $0 = id }
                throw RolledBack()
            }
        }
        let taken = OutboxRecord(id: try #require(message.withLockedValue { $0 }), sink: "pager", createdAt: now, body: "{}")
        try await house.store.write { try $0.insert(taken) }
        await OverdueDetector(parts: house.parts, settings: house.settings).look()
        #expect(try await house.firing(poisoned).isEmpty)
        #expect(try await house.firing(other) == ["SecretRotationOverdue"])
    }

    @Test("the service works by itself and stops gracefully between steps; the next start goes on with the same value")
    func gracefulShutdown() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        house.rotator.onStep.withLockedValue { hook in
            hook = { step, _ in if step == .createSecret { engine.stop() } }
        }
        try await engine.run()
        let run = try await house.run(arn)
        #expect(run.lease == nil)
        #expect(try await house.password(.pending, of: arn) == "made-1")
        #expect(house.target.changes == 0)
        await house.engine().workOnce()
        #expect(try await house.run(arn).state == .succeeded)
        #expect(try await house.password(.current, of: arn) == "made-1")
    }

    @Test("W19 a shutdown does not stop between setSecret and the promotion")
    func shutdownInTheWindow() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        house.rotator.onStep.withLockedValue { hook in
            hook = { step, _ in if step == .setSecret { engine.stop() } }
        }
        try await engine.run()
        #expect(try await house.run(arn).state == .succeeded)
    }
}
