import NIOConcurrencyHelpers
import RotationEngine
import RotationModel
import SecretModel
import Secrets
import Storage
import Testing

/// What people and clocks do in the middle of a run, or between two.
@Suite(.timeLimit(.minutes(10))) struct MeddlingTests {
    private func put(_ house: EngineHouse, _ arn: SecretARN, _ value: SecretValue) async throws {
        let secrets = SecretService(store: house.store, keyring: house.keyring)
        _ = try await secrets.update(
            .arn(arn),
            SecretService.Update(value: value, kmsKeyID: nil),
            token: EngineHouse.token(90),
            EngineHouse.origin(at: house.time.now)
        )
    }

    /// Makes the secret due by its schedule.
    private func makeDue(_ house: EngineHouse, _ arn: SecretARN) async throws {
        let due = try #require(try await house.secret(arn).rotation?.dueAt)
        house.time.advance(due - house.time.now + .seconds(1))
    }

    @Test("I11 a value that somebody puts while a run is parked ends that run, and rotation goes on")
    func putWhileParked() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret(password: "stale")
        try await house.rotate(arn)
        await house.engine().workOnce()
        #expect(try await house.run(arn).state == .parked)
        try await self.put(house, arn, ScriptedRotator.value(host: "db", password: "first"))
        await house.engine().workOnce()
        #expect(try await house.run(arn).state == .abandoned)
        try await house.rotate(arn, EngineHouse.request(EngineHouse.token(2)))
        await house.engine().workOnce()
        #expect(try await house.run(arn, EngineHouse.token(2)).state == .succeeded)
        #expect(try await house.firing(arn).isEmpty)
    }

    @Test("I9 a run that is abandoned after the target was touched says that AWSCURRENT may not log in")
    func abandonedInDoubt() async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.faults = [.lostAfter] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        await house.engine().workOnce()
        // Somebody edits another member, the old password inside.
        try await self.put(house, arn, ScriptedRotator.value(host: "db", password: "first"))
        await house.engine().workOnce()
        let run = try await house.run(arn)
        #expect(run.state == .abandoned)
        #expect(run.failure?.code == .conflict)
        #expect(try await house.firing(arn).contains("SecretRotationFailing"))
        #expect(!house.target.accepts(try await house.password(.current, of: arn)))

        try await house.rotate(arn, EngineHouse.request(EngineHouse.token(2)))
        house.time.advance(house.settings.lease)
        await house.engine().workOnce()
        #expect(house.target.accepts(try await house.password(.current, of: arn)))
        #expect(try await house.firing(arn).isEmpty)
    }

    @Test("I1 a retirement leaves an account alone that another secret rotates by now")
    func retirementOfAnothersAccount() async throws {
        let house = try await EngineHouse(strategy: .overlapping, steps: [.createSecret, .setSecret, .testSecret, .retire])
        let (arn, heir) = (try await house.makeSecret(), try await house.makeSecret("heir"))
        try await house.rotate(arn)
        await house.engine().workOnce()
        #expect(try await house.run(arn).state == .retiring)
        _ = try await house.requests.cancel(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        try await house.configure(heir, EngineHouse.request(EngineHouse.token(2), isImmediate: false))
        house.time.advance(.hours(25))
        await house.engine().workOnce()
        #expect(try await house.run(arn).state == .retired)
        #expect(house.target.accepts("first"), "the heir's credential")
        #expect(!house.rotator.calls.withLockedValue { $0.contains("retire") })
    }

    @Test("I1 a run that a clock a year ahead has begun goes on when the clock is right and the daemon starts")
    func clockAhead() async throws {
        let house = try await EngineHouse()
        house.time.setWallClock(by: .days(365))
        house.target.edit { $0.faults = [.lostAfter] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        await house.engine().workOnce()
        #expect(try await house.run(arn).state == .waiting)
        house.time.setWallClock(by: .days(-365))
        await (try await house.restart()).workOnce()
        #expect(try await house.run(arn).state == .succeeded)
        #expect(house.target.accepts(try await house.password(.current, of: arn)))
    }

    @Test("I7 a scheduled run follows a value of another host, unless the account there is another secret's")
    func anotherHost() async throws {
        let house = try await EngineHouse()
        let (moved, arn) = (FakeTarget(password: "there"), try await house.makeSecret())
        house.rotator.targets.withLockedValue { $0["db2"] = moved }
        try await house.configure(arn, EngineHouse.request(isImmediate: false))
        try await self.put(house, arn, ScriptedRotator.value(host: "db2", password: "there"))
        try await self.makeDue(house, arn)
        await house.engine().workOnce()
        #expect(try await house.secret(arn).rotation?.target == "fake://db2")
        #expect(moved.accepts(try await house.password(.current, of: arn)))
        #expect(house.target.changes == 0)

        // Now the way back, where somebody else is meanwhile.
        let owner = try await house.makeSecret("owner")
        let rarely = RotationRules(frequency: .days(300))
        try await house.configure(owner, EngineHouse.request(EngineHouse.token(3), isImmediate: false, rules: rarely))
        let secrets = SecretService(store: house.store, keyring: house.keyring)
        let back = SecretService.Update(value: ScriptedRotator.value(host: "db", password: "first"), kmsKeyID: nil)
        _ = try await secrets.update(.arn(arn), back, token: EngineHouse.token(91), EngineHouse.origin(at: house.time.now))
        try await self.makeDue(house, arn)
        let (before, changes) = (house.target.changes, moved.changes)
        await house.engine().workOnce()
        let run = try #require(try await house.store.read { try $0.unfinishedRun(of: arn) })
        #expect(run.state == .parked && run.failure?.code == .configInvalid)
        #expect(moved.changes == changes)
        #expect(try await house.password(.current, of: arn) == "first")
        #expect(house.target.changes == before && house.target.accepts("first"))
    }
}
