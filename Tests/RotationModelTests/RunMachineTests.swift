import RotationModel
import SecretModel
import Testing

@Suite struct RunMachineTests {
    static let delay = Duration.minutes(1)
    static let unreachable = RotationFailure(.targetUnreachable, "no route to host")
    static let denied = RotationFailure(.permissionDenied, "may not ALTER")
    static let rejected = RotationFailure(.policyRejected, "too short")
    static let lost = RotationFailure(.timeout, "no answer", applied: .unknown)

    static func machine(
        _ progress: RunMachine.Progress = .init(),
        trigger: RotationTrigger = .manual,
        _ change: (inout RunConditions) -> Void = { _ in }
    ) -> RunMachine {
        var conditions = RunConditions(trigger: trigger)
        change(&conditions)
        return RunMachine(progress, under: conditions)
    }

    static func touched(at step: RotationStep = .setSecret, regenerations: Int = 0) -> RunMachine.Progress {
        .init(step: step, attempt: 2, isTargetTouched: true, regenerations: regenerations)
    }

    func feed(_ machine: inout RunMachine, _ events: RunEvent...) -> RunAction? {
        var last: RunAction?
        for event in events { last = machine.handle(event, at: noon, delay: Self.delay) }
        return last
    }

    @Test func quietRunGoesThroughTheStepsInOrder() {
        var machine = Self.machine()
        #expect(machine.begin() == .perform(.createSecret))
        #expect(self.feed(&machine, .succeeded(.createSecret)) == .perform(.setSecret))
        #expect(self.feed(&machine, .succeeded(.setSecret)) == .perform(.testSecret))
        #expect(self.feed(&machine, .succeeded(.testSecret)) == .promote)
        #expect(self.feed(&machine, .promoted) == .end(.succeeded(retireAt: nil, nil)))
    }

    @Test func finishAndGraceFollowThePromotion() {
        var machine = Self.machine(.init(step: .testSecret, isTargetTouched: true)) {
            $0.hasFinishStep = true
            $0.grace = .hours(24)
        }
        #expect(self.feed(&machine, .promoted) == .perform(.finishSecret))
        #expect(self.feed(&machine, .succeeded(.finishSecret)) == .end(.succeeded(retireAt: noon + .hours(24), nil)))
    }

    @Test("I4 a run that touched the target asks before it acts", arguments: [RotationStep.setSecret, .testSecret])
    func resumeProbes(step: RotationStep) {
        var machine = Self.machine(Self.touched(at: step))
        #expect(machine.begin() == .probe)
    }

    @Test("W1 a fresh run asks first if an abandoned value may be live")
    func freshRunAfterCancelProbes() {
        var machine = Self.machine { $0.hasEarlierCandidates = true }
        _ = machine.begin()
        #expect(self.feed(&machine, .succeeded(.createSecret)) == .probe)
        #expect(!machine.progress.isTargetTouched)
    }

    @Test("I4 pending accepted with proof: tested, never set again")
    func adopts() {
        var machine = Self.machine(Self.touched())
        _ = machine.begin()
        #expect(self.feed(&machine, .recovered(.adopt)) == .perform(.testSecret))
    }

    @Test("I4 previous accepted: pending is set, drift is told")
    func driftIsKept() {
        var machine = Self.machine(Self.touched())
        _ = machine.begin()
        #expect(self.feed(&machine, .recovered(.setPending(.previous))) == .perform(.setSecret))
        #expect(machine.progress.hasDrift)
    }

    @Test("I4 all refused and no admin: parked at once")
    func parks() {
        var machine = Self.machine(Self.touched())
        _ = machine.begin()
        guard case .end(.parked(_, allRefused: true))? = self.feed(&machine, .recovered(.park)) else {
            Issue.record("not parked")
            return
        }
    }

    @Test("an error that retrying cannot mend parks, after the target was asked which credential works")
    func nonRetryableParks() {
        var machine = Self.machine(.init(step: .setSecret))
        #expect(machine.begin() == .perform(.setSecret))
        #expect(self.feed(&machine, .failed(.setSecret, Self.denied)) == .probe)
        #expect(
            self.feed(&machine, .recovered(.setPending(.current(isProof: true)))) == .end(.parked(Self.denied, allRefused: false))
        )
    }

    @Test("I3 a new value only after policy_rejected, pending refused and current accepted, and only once")
    func regeneratesOnce() {
        var machine = Self.machine(.init(step: .setSecret))
        _ = machine.begin()
        #expect(self.feed(&machine, .failed(.setSecret, Self.rejected)) == .probe)
        #expect(self.feed(&machine, .recovered(.setPending(.current(isProof: true)))) == .regenerate)
        #expect(self.feed(&machine, .regenerated) == .perform(.setSecret))
        #expect(self.feed(&machine, .failed(.setSecret, Self.rejected)) == .probe)
        #expect(
            self.feed(&machine, .recovered(.setPending(.current(isProof: true)))) == .end(.parked(Self.rejected, allRefused: false))
        )
    }

    @Test(
        "I3 no new value without that proof",
        arguments: [
            RecoveryDecision.adopt, .setPending(.previous), .setPending(.admin), .setPending(.unprovenPending),
            .setPending(.current(isProof: false)), .park, .backOff(.current, .unreachable, unreachable),
        ]
    )
    func noNewValue(decision: RecoveryDecision) {
        var machine = Self.machine(.init(step: .setSecret))
        _ = machine.begin()
        _ = self.feed(&machine, .failed(.setSecret, Self.rejected))
        #expect(self.feed(&machine, .recovered(decision)) != .regenerate)
    }

    @Test(
        "I3 a policy that refuses the only value that may be set needs a person, at once",
        arguments: [RecoveryBasis.admin, .previous, .unprovenPending, .current(isProof: false)]
    )
    func policyWithoutAnotherValue(basis: RecoveryBasis) {
        // A fresh run that finds out, and a later attempt that has asked before.
        for (progress, isLater) in [(RunMachine.Progress(step: .setSecret), false), (Self.touched(), true)] {
            var machine = Self.machine(progress)
            _ = machine.begin()
            if isLater { #expect(self.feed(&machine, .recovered(.setPending(basis))) == .perform(.setSecret)) }
            _ = self.feed(&machine, .failed(.setSecret, Self.rejected))
            guard case .end(.parked(let failure, let allRefused))? = self.feed(&machine, .recovered(.setPending(basis))) else {
                Issue.record("not parked by \(basis)")
                continue
            }
            #expect(failure.code == .policyRejected)
            #expect(!failure.isRetryable)
            #expect(failure.message.contains("too short"), "the target's own words")
            #expect(failure.hint?.contains("policy on the target") == true)
            #expect(allRefused == (basis == .admin), "with an admin secret all refused is what led there")
        }
    }

    @Test("I4 a policy's refusal parks nothing while the target does not say what works")
    func policyWithoutAnswer() {
        var machine = Self.machine(.init(step: .setSecret))
        _ = machine.begin()
        _ = self.feed(&machine, .failed(.setSecret, Self.rejected))
        let action = self.feed(&machine, .recovered(.backOff(.current, .unreachable, Self.unreachable)))
        #expect(action == .end(.waiting(until: noon + Self.delay, Self.rejected)))
    }

    @Test("a lost answer waits: the next attempt asks")
    func lostAnswer() {
        var machine = Self.machine(.init(step: .setSecret))
        _ = machine.begin()
        #expect(self.feed(&machine, .failed(.setSecret, Self.lost)) == .end(.waiting(until: noon + Self.delay, Self.lost)))
    }

    @Test("retry_after lengthens the wait, never shortens it")
    func retryAfter() {
        let failure = RotationFailure(.rateLimited, "slow down", retryAfter: .minutes(30))
        var machine = Self.machine()
        _ = machine.begin()
        #expect(self.feed(&machine, .failed(.createSecret, failure)) == .end(.waiting(until: noon + .minutes(30), failure)))
    }

    @Test func windowOverIsTriedInTheNextOne() {
        let window = RotationWindow(start: noon - .hours(1), end: noon + .seconds(30))
        let following = RotationWindow(start: noon + .hours(23), end: noon + .hours(24))
        func end(_ change: @escaping (inout RunConditions) -> Void) -> RunAction? {
            var machine = Self.machine(trigger: .schedule) {
                ($0.window, $0.followingWindow) = (window, following)
                change(&$0)
            }
            _ = machine.begin()
            return self.feed(&machine, .failed(.createSecret, Self.unreachable))
        }
        #expect(end { _ in } == .end(.failed(next: following, Self.unreachable)))
        #expect(end { $0.isMaxAgeAtStake = true } == .end(.waiting(until: noon + Self.delay, Self.unreachable)))
    }

    @Test("I1 beyond the window, too, while AWSCURRENT may not log in")
    func touchedTargetDoesNotWaitForAWindow() {
        let set: (inout RunConditions) -> Void = {
            $0.window = RotationWindow(start: noon - .hours(1), end: noon)
            $0.followingWindow = RotationWindow(start: noon + .days(30), end: noon + .days(31))
        }
        var machine = Self.machine(Self.touched(), trigger: .schedule, set)
        _ = machine.begin()
        let decision = RecoveryDecision.backOff(.pending, .unreachable, Self.unreachable)
        #expect(self.feed(&machine, .recovered(decision)) == .end(.waiting(until: noon + Self.delay, Self.unreachable)))

        var safe = Self.machine(Self.touched(), trigger: .schedule, set)
        _ = safe.begin()
        let ending = self.feed(&safe, .recovered(.setPending(.current(isProof: true))), .failed(.setSecret, Self.unreachable))
        guard case .end(.failed)? = ending else {
            Issue.record("AWSCURRENT is known to work, so the window counts: \(String(describing: ending))")
            return
        }
    }

    @Test("I1 what a probe said before setSecret counts no more once setSecret may have changed it", arguments: [true, false])
    func windowAfterTheChange(isAnswered: Bool) {
        var machine = Self.machine(Self.touched(), trigger: .schedule) {
            $0.window = RotationWindow(start: noon - .hours(1), end: noon)
            $0.followingWindow = RotationWindow(start: noon + .days(30), end: noon + .days(31))
        }
        _ = machine.begin()
        _ = self.feed(&machine, .recovered(.setPending(.current(isProof: true))))
        let ending =
            isAnswered
            ? self.feed(&machine, .succeeded(.setSecret), .failed(.testSecret, Self.unreachable))
            : self.feed(&machine, .failed(.setSecret, Self.lost))
        guard case .end(.waiting(let next, _))? = ending else {
            Issue.record("AWSCURRENT may be refused, and the run waits for a window: \(String(describing: ending))")
            return
        }
        #expect(next == noon + Self.delay)
    }

    @Test func freezeHoldsTheScheduleBack() {
        let freeze = RotationRules.Freeze(from: noon, until: noon + .hours(5), reason: "release")
        var machine = Self.machine(trigger: .schedule) { $0.freezes = [freeze] }
        _ = machine.begin()
        #expect(
            self.feed(&machine, .failed(.createSecret, Self.unreachable)) == .end(.waiting(until: noon + .hours(5), Self.unreachable))
        )
        var byHand = Self.machine(trigger: .manual) { $0.freezes = [freeze] }
        _ = byHand.begin()
        #expect(self.feed(&byHand, .failed(.createSecret, Self.unreachable)) == .end(.waiting(until: noon + Self.delay, Self.unreachable)))
    }

    @Test("finishSecret never rolls back: tried a few times, then the rotation stands with a warning")
    func finishGivesUp() {
        let failure = RotationFailure(.internalError, "reload failed")
        func end(attempt: Int) -> RunAction? {
            var machine = Self.machine(.init(step: .finishSecret, attempt: attempt, isTargetTouched: true)) { $0.hasFinishStep = true }
            #expect(machine.begin() == .perform(.finishSecret))
            return self.feed(&machine, .failed(.finishSecret, failure))
        }
        #expect(end(attempt: 1) == .end(.waiting(until: noon + Self.delay, failure)))
        #expect(end(attempt: 5) == .end(.succeeded(retireAt: nil, failure)))
    }

    @Test func testOfTheRulesRunsTestSecretOnly() {
        var machine = Self.machine(.init(step: .testSecret), trigger: .test)
        #expect(machine.begin() == .perform(.testSecret))
        #expect(self.feed(&machine, .succeeded(.testSecret)) == .end(.tested(nil)))
        var failing = Self.machine(.init(step: .testSecret), trigger: .test)
        _ = failing.begin()
        #expect(self.feed(&failing, .failed(.testSecret, Self.unreachable)) == .end(.tested(Self.unreachable)))
    }
}
