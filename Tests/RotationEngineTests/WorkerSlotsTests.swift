import RotationEngine
import SecretModel
import Testing

@Suite struct WorkerSlotsTests {
    private let start = ContinuousClock.now
    // swift-format-ignore: NeverForceUnwrap
    private static let secret = SecretARN(scope: EngineHouse.scope, name: SecretName("app")!, suffix: "abcdef")!

    private func slots(taken: Int) -> WorkerSlots {
        var settings = EngineSettings(owner: "node-1")
        (settings.concurrentRuns, settings.slowRuns, settings.slowAfter) = (2, 3, .seconds(5))
        var slots = WorkerSlots(settings)
        for _ in 0..<taken { _ = slots.take(Self.secret, at: self.start) }
        return slots
    }

    @Test func I10_runsThatHangGiveTheirPlacesToOthers() {
        let slots = self.slots(taken: 2)
        #expect(slots.free(at: self.start + .seconds(4)) == 0)
        #expect(slots.untilFree(at: self.start + .seconds(4)) == .seconds(1))
        #expect(slots.free(at: self.start + .seconds(5)) == 2)
    }

    @Test func notMoreHangThanTheLimitAllows() {
        var slots = self.slots(taken: 5)
        let later = self.start + .minutes(1)
        #expect(slots.free(at: later) == 0)
        #expect(slots.untilFree(at: later) == nil, "only the end of a run frees a place")
        slots.giveBack(1)
        #expect(slots.free(at: later) == 1)
    }

    @Test func aPlaceThatIsGivenBackIsFreeAtOnce() {
        var slots = self.slots(taken: 1)
        let number = slots.take(Self.secret, at: self.start)
        #expect(slots.free(at: self.start) == 0)
        slots.giveBack(number)
        #expect(slots.free(at: self.start) == 1)
    }
}
