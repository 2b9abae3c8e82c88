import RotationModel
import SecretModel
import TestSupport
import Testing

/// Seeded random walks through whole runs, attempt after attempt, against a model of a target that loses answers.
@Suite struct RunWalkTests {
    /// A target with one password slot and an admin door, values numbered: 0 current, 1 and up pending.
    struct Target {
        var live = 0
        var generator: SeededGenerator
        var rejectsFirst: Bool

        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self.generator) < percent }

        mutating func probe(_ value: Int) -> ProbeFinding {
            if self.chance(20) { return .unreachable }
            if self.chance(3) { return .other }
            return value == self.live ? .accepted : .refused
        }

        mutating func set(_ value: Int) -> RotationFailure? {
            if self.chance(15) { return RotationFailure(.targetUnreachable, "down") }
            if self.rejectsFirst, value == 1 { return RotationFailure(.policyRejected, "weak") }
            self.live = value
            return self.chance(25) ? RotationFailure(.timeout, "answer lost", applied: .unknown) : nil
        }
    }

    @Test("I1 I2 I3 I4 random walks", arguments: 0..<400)
    func walk(seed: Int) {
        var target = Target(generator: SeededGenerator(seed: UInt64(seed)), rejectsFirst: seed % 5 == 0)
        var progress = RunMachine.Progress(attempt: 0)
        var pending: Int?
        var generated = 0
        var isPromoted = false
        for attempt in 1...200 where !isPromoted {
            progress.attempt = attempt
            var machine = RunMachine(progress, under: RunConditions(trigger: .manual))
            var action = machine.begin()
            var isProvenLive = false
            attempts: while true {
                progress = machine.progress
                if target.chance(5) { break }
                var event: RunEvent
                switch action {
                case .perform(.createSecret):
                    #expect(pending == nil, "I3 seed \(seed): a second value")
                    generated += 1
                    pending = generated
                    event = .succeeded(.createSecret)
                case .perform(.setSecret):
                    guard let pending else {
                        Issue.record("I2 seed \(seed): setSecret without a stored value")
                        return
                    }
                    #expect(progress.isTargetTouched, "seed \(seed): the touch must be on record first")
                    #expect(!isProvenLive, "I4 seed \(seed): set again after pending was accepted")
                    event = target.set(pending).map { .failed(.setSecret, $0) } ?? .succeeded(.setSecret)
                case .perform(.testSecret):
                    let finding = target.probe(pending ?? -1)
                    event =
                        finding.outcome == .accepted
                        ? .succeeded(.testSecret)
                        : .failed(.testSecret, RotationFailure(finding.outcome == .refused ? .authFailed : .targetUnreachable, "test"))
                case .regenerate:
                    #expect(target.live == 0, "I3 seed \(seed): the value that is replaced was live")
                    generated += 1
                    pending = generated
                    event = .regenerated
                case .probe:
                    var recovery = Recovery(hasCurrent: true, hasPrevious: false, hasAdmin: false)
                    var decision: RecoveryDecision?
                    while decision == nil {
                        switch recovery.next {
                        case .decide(let found): decision = found
                        case .probe(let candidate):
                            recovery.record(target.probe(candidate == .pending ? pending ?? -1 : 0), of: candidate)
                        }
                    }
                    isProvenLive = decision == .adopt
                    event = .recovered(decision ?? .park)
                case .promote:
                    isPromoted = true
                    break attempts
                case .end(.parked(let failure, let allRefused)):
                    Issue.record("seed \(seed): parked by \(failure.code.rawValue), all refused: \(allRefused)")
                    return
                case .end: break attempts
                case .perform: return
                }
                action = machine.handle(event, at: noon, delay: .minutes(1))
                progress = machine.progress
            }
            #expect(target.live == 0 || target.live == pending, "I1 seed \(seed): what is live is not held")
        }
        #expect(isPromoted, "seed \(seed): a target that recovers is rotated in the end")
        #expect(target.live == pending, "I1 seed \(seed): AWSCURRENT would not log in")
        #expect(generated <= 2)
    }
}
