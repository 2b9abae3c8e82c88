import NIOConcurrencyHelpers
import RotationEngine
import RotationModel
import SecretModel
import Storage
import TestSupport
import Testing

/// I7, while an outside call is under way: nobody else begins at its account, whatever becomes of its run meanwhile.
@Suite struct OneHandTests {
    /// Has `act` happen once, while the first setSecret is under way, and keeps what the rotator was asked until that was over.
    private func duringSetSecret(
        _ house: EngineHouse,
        _ act: @escaping @Sendable () async throws -> Void
    ) -> NIOLockedValueBox<Result<[String], any Error>?> {
        let seen = NIOLockedValueBox<Result<[String], any Error>?>(nil)
        let (rotator, isFirst) = (house.rotator, NIOLockedValueBox(true))
        house.rotator.onStep.withLockedValue { hook in
            hook = { step, _ in
                guard step == .setSecret, isFirst.withLockedValue({ first in (first, first = false).0 }) else { return }
                do {
                    try await act()
                    seen.withLockedValue { $0 = .success(rotator.calls.withLockedValue { $0 }) }
                } catch {
                    seen.withLockedValue { $0 = .failure(error) }
                }
            }
        }
        return seen
    }

    private func house() async throws -> EngineHouse {
        var house = try await EngineHouse()
        // Several runs may be at one target: only their accounts keep them apart.
        house.settings.runsPerTarget = 4
        return house
    }

    private func otherNode(_ house: EngineHouse) -> RotationScheduler {
        var settings = house.settings
        (settings.owner, settings.isAlone) = ("node-2", false)
        return RotationScheduler(parts: house.parts, settings: settings)
    }

    @Test(
        "I7 a wall clock that is set gives no run away whose worker is alive",
        arguments: [Duration.minutes(-10), .minutes(10), .days(-365)]
    )
    func clockIsSet(by error: Duration) async throws {
        let house = try await self.house()
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let (engine, time) = (house.engine(), house.time)
        let seen = self.duringSetSecret(house) {
            time.setWallClock(by: error)
            await engine.workOnce()
        }
        await engine.workOnce()
        #expect(try seen.withLockedValue { $0 }?.get() == ["createSecret", "setSecret"])
        #expect(try await house.run(arn).state == .succeeded)
        #expect(house.target.changes == 1)
    }

    @Test("I7 the run after a cancelled one begins when the call of the old one has ended, on this node and on another")
    func cancelledInFlight() async throws {
        let house = try await self.house()
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let (engine, other) = (house.engine(), self.otherNode(house))
        let seen = self.duringSetSecret(house) {
            _ = try await house.requests.cancel(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
            try await house.rotate(arn, EngineHouse.request(EngineHouse.token(2)))
            await engine.workOnce()
            await other.workOnce()
        }
        await engine.workOnce()
        #expect(try seen.withLockedValue { $0 }?.get() == ["createSecret", "setSecret"])
        #expect(try await house.run(arn).lease == nil, "who has ended waits for no lease to run out")
        await other.workOnce()
        #expect(try await house.run(arn, EngineHouse.token(2)).state == .succeeded)
        #expect(house.target.accepts(try await house.password(.current, of: arn)))
    }

    @Test("I7 the next owner of an account begins when the last owner's call has ended")
    func accountChangesHands() async throws {
        let house = try await self.house()
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let (engine, heir) = (house.engine(), try await house.makeSecret("heir"))
        let seen = self.duringSetSecret(house) {
            _ = try await house.requests.cancel(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
            try await house.rotate(heir, EngineHouse.request(EngineHouse.token(2)))
            await engine.workOnce()
        }
        await engine.workOnce()
        #expect(try seen.withLockedValue { $0 }?.get() == ["createSecret", "setSecret"])
        let before = house.rotator.calls.withLockedValue { $0.count }
        await engine.workOnce()
        #expect(house.rotator.calls.withLockedValue { $0.count } > before)
    }

    @Test("I7 after a lost answer the next run of the account waits until nothing can come of it any more; the run itself need not")
    func lostAnswer() async throws {
        let house = try await self.house()
        let arn = try await house.makeSecret()
        house.target.edit { $0.faults = [.lostBefore] }
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        let waiting = try await house.run(arn)
        #expect(waiting.state == .waiting && waiting.lease == nil)
        _ = try await house.requests.cancel(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        try await house.rotate(arn, EngineHouse.request(EngineHouse.token(2)))
        await engine.workOnce()
        #expect(house.rotator.calls.withLockedValue { $0.last } == "setSecret", "the second run has not begun")
        house.time.advance(house.settings.lease)
        await engine.workOnce()
        #expect(try await house.run(arn, EngineHouse.token(2)).state == .succeeded)
    }

    @Test("I7 a call that was cut off because its run was cancelled frees the account when its lease would have ended, not before")
    func cutOffByCancel() async throws {
        let house = try await self.house()
        let arn = try await house.makeSecret()
        house.target.edit { $0.faults = [.hang] }
        try await house.rotate(arn)
        let engine = house.engine()
        async let work: Void = engine.workOnce()
        try await eventually("setSecret hangs") {
            house.rotator.calls.withLockedValue { $0.last } == "setSecret" && house.time.sleepers > 1
        }
        _ = try await house.requests.cancel(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        try await house.rotate(arn, EngineHouse.request(EngineHouse.token(2)))
        // The next renewal finds the lease gone.
        house.time.advance(house.settings.lease / 3)
        await work
        await engine.workOnce()
        #expect(house.rotator.calls.withLockedValue { $0.last } == "setSecret", "the second run has not begun")
        house.time.advance(house.settings.lease)
        await engine.workOnce()
        #expect(try await house.run(arn, EngineHouse.token(2)).state == .succeeded)
    }

    @Test("I7 a lost answer keeps its own run from nothing")
    func lostAnswerRetried() async throws {
        let house = try await self.house()
        let arn = try await house.makeSecret()
        house.target.edit { $0.faults = [.lostBefore] }
        try await house.rotate(arn)
        await house.engine().workOnce()
        _ = try await house.requests.retry(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        await house.engine().workOnce()
        #expect(try await house.run(arn).state == .succeeded)
    }

    @Test("I7 a lease outlives the deadline of the call that begins under it")
    func leaseOutlivesCalls() async throws {
        let house = try await EngineHouse(timeout: .seconds(60))
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let (time, left) = (house.time, NIOLockedValueBox<Duration?>(nil))
        let seen = self.duringSetSecret(house) {
            let lease = try await house.run(arn).lease
            left.withLockedValue { $0 = lease.map { $0.expires - time.now } }
        }
        let atSetSecret = house.rotator.onStep.withLockedValue { $0 }
        house.rotator.onStep.withLockedValue { hook in
            hook = { step, context in
                // A createSecret that takes long leaves little of the lease.
                if step == .createSecret { time.advance(.seconds(25)) }
                await atSetSecret?(step, context)
            }
        }
        await house.engine().workOnce()
        _ = try seen.withLockedValue { $0 }?.get()
        #expect(try #require(left.withLockedValue { $0 }) >= .seconds(60) + house.settings.leaseMargin)
    }
}
