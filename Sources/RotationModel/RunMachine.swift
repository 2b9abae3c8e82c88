package import SecretModel

/// One attempt of a run as a state machine: the worker performs an action, commits its outcome, and asks what follows.
///
/// Pure: what it decides depends on the run's stored progress, the conditions, the outcomes, and the time and delay that come in with
/// them. `design.md` §2 (I1, I3, I4) and §4.
package struct RunMachine: Sendable {
    /// What is stored of a run's way, as far as decisions depend on it.
    package struct Progress: Hashable, Sendable {
        /// The first step that is not proven.
        package var step: RotationStep
        /// Attempts begun, this one included.
        package var attempt: Int
        /// Whether setSecret was ever begun.
        package var isTargetTouched: Bool
        /// How often the pending value was replaced for policy.
        package var regenerations: Int
        /// Whether I4 found that someone else had changed the credential.
        package var hasDrift: Bool

        package init(
            step: RotationStep = .createSecret,
            attempt: Int = 1,
            isTargetTouched: Bool = false,
            regenerations: Int = 0,
            hasDrift: Bool = false
        ) {
            self.step = step
            self.attempt = attempt
            self.isTargetTouched = isTargetTouched
            self.regenerations = regenerations
            self.hasDrift = hasDrift
        }
    }

    package internal(set) var progress: Progress
    /// What the target accepts, as far as this attempt's probes know.
    package internal(set) var basis: RecoveryBasis?

    let conditions: RunConditions
    let limits: RunLimits
    var hasProbed = false
    /// Whether setSecret has, or may have, changed what the target accepts since it was asked: `basis` says how it was before.
    var isBasisOutdated = false
    /// The failure of this attempt that the running probes are to explain.
    var cause: (step: RotationStep, failure: RotationFailure)?

    package init(_ progress: Progress, under conditions: RunConditions, limits: RunLimits = RunLimits()) {
        self.progress = progress
        self.conditions = conditions
        self.limits = limits
    }

    /// The attempt's first action.
    package mutating func begin() -> RunAction {
        switch self.progress.step {
        case .createSecret, .finishSecret, .retire: .perform(self.progress.step)
        case .testSecret where self.conditions.trigger == .test: .perform(.testSecret)
        case .setSecret, .testSecret: self.set(afterDoubt: self.progress.isTargetTouched)
        }
    }

    /// What follows from an outcome.
    ///
    /// - Parameters:
    ///   - now: Wall-clock time, for windows.
    ///   - delay: How long a failure of this attempt waits for the next one.
    package mutating func handle(_ event: RunEvent, at now: Timestamp, delay: Duration) -> RunAction {
        switch event {
        case .succeeded(let step): return self.advance(past: step, at: now)
        case .regenerated:
            self.progress.regenerations += 1
            self.progress.step = .setSecret
            self.cause = nil
            return .perform(.setSecret)
        case .promoted:
            self.progress.step = .finishSecret
            guard self.conditions.hasFinishStep else { return self.success(at: now, nil) }
            self.progress.attempt = 1
            return .perform(.finishSecret)
        case .failed(let step, let failure): return self.fail(step, failure, at: now, delay: delay)
        case .recovered(let decision): return self.resume(on: decision, at: now, delay: delay)
        }
    }

    /// setSecret found by itself that someone else had changed the credential (I4).
    package mutating func noteDrift() { self.progress.hasDrift = true }

    private mutating func advance(past step: RotationStep, at now: Timestamp) -> RunAction {
        switch step {
        case .createSecret:
            self.progress.step = .setSecret
            return self.set(afterDoubt: false)
        case .setSecret:
            self.isBasisOutdated = true
            self.progress.step = .testSecret
            return .perform(.testSecret)
        case .testSecret: return self.conditions.trigger == .test ? .end(.tested(nil)) : .promote
        case .finishSecret: return self.success(at: now, nil)
        case .retire: return .end(.retired)
        }
    }

    /// setSecret, unless there is doubt about what is live already.
    private mutating func set(afterDoubt isDoubtful: Bool) -> RunAction {
        guard (isDoubtful || self.conditions.hasEarlierCandidates), !self.hasProbed else { return self.beginSetting() }
        self.hasProbed = true
        return .probe
    }

    mutating func beginSetting() -> RunAction {
        self.progress.step = .setSecret
        self.progress.isTargetTouched = true
        return .perform(.setSecret)
    }

    func success(at now: Timestamp, _ failure: RotationFailure?) -> RunAction {
        .end(.succeeded(retireAt: self.conditions.grace.map { now + $0 }, failure))
    }
}
